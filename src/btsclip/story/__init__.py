"""Telling: several takes as one, hours in seconds, comments answered, the why explained."""
