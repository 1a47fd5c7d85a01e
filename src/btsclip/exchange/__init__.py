"""Plans handed over to editing programs: timelines on the original footage, markers, subtitles."""
