"""Framing: what the vertical crop must show, and the calm path it takes."""
