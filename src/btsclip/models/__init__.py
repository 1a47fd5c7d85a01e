"""Hand and face networks; MODELS.md says where they come from."""
