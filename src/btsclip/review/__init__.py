"""Looking at results: the page beside the clips of every run."""
