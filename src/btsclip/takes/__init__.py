"""Find the takes in a folder, and the files that show the same moment."""
