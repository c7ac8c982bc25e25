"""What each command does: the library's functions in the order of that command, and what it prints."""
