"""One video of a whole shoot."""
