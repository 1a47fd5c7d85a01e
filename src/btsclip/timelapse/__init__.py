"""Time-lapses of steady stretches of takes: hours in seconds."""
