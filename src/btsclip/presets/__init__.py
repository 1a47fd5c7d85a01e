"""Presets: the look and the pacing of clips, one TOML file each."""
