"""Results to look at: the report beside the clips, and the review page that edits a plan.

`__init__.pyi` lists what other packages may use; each name is loaded on first use.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
