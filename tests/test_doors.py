"""Each package is used by the names that its `__init__.pyi` lists, and by no others."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import btsclip

SOURCE = Path(btsclip.__file__).parent
PACKAGES = sorted(path.parent.name for path in SOURCE.glob("*/__init__.pyi"))


@cache
def imports_of_packages() -> list[tuple[Path, str, str, str]]:
    """Each import of another package: the file, the package, the rest of the module, the name."""
    imports = []
    # The door of btsclip itself goes through those of its packages.
    for path in [SOURCE / "__init__.pyi", *SOURCE.rglob("*.py")]:
        own = path.relative_to(SOURCE).parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                module = f"btsclip.{node.module}" if node.level else node.module
                top, package, rest = (*module.split(".", 2), "", "")[:3]
                if top == "btsclip" and package in PACKAGES and package != own:
                    imports += [(path, package, rest, alias.name) for alias in node.names]
    return imports


def listed_names(package: str) -> set[str]:
    """The names in the door of a package."""
    stub = ast.parse((SOURCE / package / "__init__.pyi").read_text("utf-8"))
    return {alias.name for node in stub.body for alias in node.names}  # type: ignore[attr-defined]


def test_no_import_goes_past_a_door() -> None:
    past = [
        f"{path.relative_to(SOURCE)}: {package}.{rest} {name}"
        for path, package, rest, name in imports_of_packages()
        if rest
    ]
    assert past == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_listed_name_exists_and_is_used_by_another_package(package: str) -> None:
    listed = listed_names(package)
    module = __import__(f"btsclip.{package}", fromlist=[package])
    assert set(module.__all__) == listed
    assert [name for name in sorted(listed) if not hasattr(module, name)] == []
    used = {name for _, other, _, name in imports_of_packages() if other == package}
    assert listed - used == set()
