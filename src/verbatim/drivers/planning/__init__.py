"""Questions asked of a fitted driver model: what if, and how many responses."""
