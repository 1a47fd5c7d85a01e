"""From a cut plan to finished files: one ffmpeg process a clip, verified before it is published."""

from btsclip.render.run import RenderedClip, render

__all__ = ["RenderedClip", "render"]
