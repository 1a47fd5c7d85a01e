"""Framing: what the vertical crop must show, and its calm path."""
