"""How far a ranking can be trusted: other measures beside it, and what it would take to overturn it."""
