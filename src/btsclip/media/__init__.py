"""Files in and out: the ffmpeg binary, probing, frames, sound and outputs that appear whole."""
