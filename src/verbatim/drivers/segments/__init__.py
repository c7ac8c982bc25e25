"""Effects by group of customers, pooled, and the differences that beat the noise."""
