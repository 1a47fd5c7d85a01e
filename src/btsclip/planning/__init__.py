"""From analyses, notes and a preset to a plan of clips."""
