"""Vectors become themes, and themes mentions."""
