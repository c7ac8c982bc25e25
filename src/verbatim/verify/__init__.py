"""`verbatim verify`: what a run publishes against what its own tables give."""
