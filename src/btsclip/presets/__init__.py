"""Presets: TOML files with the look and the pacing of clips.

`__init__.pyi` lists what other packages may use; each name is loaded on first use.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
