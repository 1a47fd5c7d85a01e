"""Telling: what is cut together, explained and answered."""
