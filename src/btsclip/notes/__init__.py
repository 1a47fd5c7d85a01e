"""Read the creator's notes in shoot.toml, and match their steps to cuts."""
