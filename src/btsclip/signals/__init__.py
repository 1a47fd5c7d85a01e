"""What is seen and heard: numbers per analysis time, one file a signal."""
