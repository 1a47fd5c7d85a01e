"""A take looked through: its signals and moments, kept by what is in the file."""
