"""What the creator wrote in shoot.toml, matched with what was cut."""
