"""Hours in seconds: steady stretches of takes as one time-lapse."""
