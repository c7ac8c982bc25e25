"""Comments become masked text, spans and vectors."""
