"""Files: ffmpeg, footage and its frames and sound, documents, and output written atomically."""
