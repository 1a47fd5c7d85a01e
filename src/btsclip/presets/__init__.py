"""Presets: TOML files with the look and the pacing of clips."""
