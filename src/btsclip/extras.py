"""Optional dependencies: whether an extra is installed, and the one error that says it is not."""

from __future__ import annotations

from importlib import import_module
from typing import Literal

from btsclip.errors import ToolError

Extra = Literal["sound", "speech", "people", "review", "cluster", "measure", "exchange", "music"]


def require(module: str, extra: Extra, purpose: str, otherwise: str = "") -> None:
    """Imports `module`; raises ToolError, as `not_installed` makes it, when that fails."""
    try:
        import_module(module)
    except ImportError as error:
        raise not_installed(module, extra, purpose, otherwise) from error


def not_installed(module: str, extra: Extra, purpose: str, otherwise: str = "") -> ToolError:
    """The error for a `purpose`, such as an option, that needs `module` of an `extra` which is not
    installed; `otherwise` is what else the user may do."""
    return ToolError(
        purpose, f"needs {module}, which is not installed", pip_install(extra) + otherwise
    )


def pip_install(extra: Extra) -> str:
    """The command that installs an extra, in the quotes that every shell knows."""
    return f'pip install "btsclip[{extra}]"'
