"""Mentions and scores become drivers of NPS."""
