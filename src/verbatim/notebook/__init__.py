"""Results and themes as a notebook shows them."""
