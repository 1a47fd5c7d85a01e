"""One video out of a whole shoot: which moments, in which order, and how they are joined."""
