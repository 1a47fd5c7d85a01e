"""Match the platforms' figures of posts to clips, and compare what kinds of clips returned."""
