"""Signals of a take: numbers per analysis time, measured from picture and sound; one file each."""
