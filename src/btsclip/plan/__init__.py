"""The cut plan: the document between finding and rendering that anyone may edit."""
