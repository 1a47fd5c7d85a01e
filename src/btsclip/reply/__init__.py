"""Clips that answer viewers' comments."""
