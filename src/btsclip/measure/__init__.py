"""What platforms say of posts, joined to the clips they are of: which choices returned what."""
