"""Timelines for editing programs: the cuts of a plan on its original takes, markers, subtitles."""
