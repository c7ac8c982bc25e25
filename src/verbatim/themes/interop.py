"""To BERTopic and back. BERTopic numbers topics by size; the theme ids travel in its labels."""

from __future__ import annotations
