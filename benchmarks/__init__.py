"""Every number this project states about itself comes from a command in here."""
