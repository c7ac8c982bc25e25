"""What belongs to several stages of an analysis at once: accounts, further scores, time, journeys, guidance."""
