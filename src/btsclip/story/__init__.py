"""Several takes told as one: what happened over hours in seconds."""
