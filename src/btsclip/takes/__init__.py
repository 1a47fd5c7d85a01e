"""Which files of a folder are takes, and which of them show the same moment."""
