"""Effects corrected for tagging error from a hand-coded probability sample."""
