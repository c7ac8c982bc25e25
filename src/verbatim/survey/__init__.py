"""Files and tables become a Survey."""
