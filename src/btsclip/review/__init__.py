"""Results to look at: the report beside the clips, and the review page that edits a plan."""
