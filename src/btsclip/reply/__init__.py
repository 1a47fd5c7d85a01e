"""Viewers' comments answered by clips."""
