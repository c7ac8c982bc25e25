"""Closing the loop: what a run found out, handed to the people who call customers back."""
