"""From signals to moments: where people work, how sure that is, and which parts to cut.

`__init__.pyi` lists what other packages may use; each name is loaded on first use.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
