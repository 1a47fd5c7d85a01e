"""Analysis of a take: its signals and moments, cached by content."""
