"""People code comments by hand: which ones, in which file, and what it says about the machine."""
