"""A shoot told in one video."""
