"""Personal data in texts: what each kind looks like, and placeholders in its place."""
