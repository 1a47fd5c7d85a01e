"""Several takes told as one: a whole shoot in one video, and hours in seconds."""
