"""Rendering: a cut plan's clips as finished files, verified before they are published."""

from btsclip.render.run import RenderedClip, render

__all__ = ["RenderedClip", "render"]
