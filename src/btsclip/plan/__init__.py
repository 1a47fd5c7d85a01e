"""The cut plan: an editable document between finding clips and rendering them."""
