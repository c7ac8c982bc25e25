"""A room for every tool a hand-off file goes to, with the rules its import documents."""
