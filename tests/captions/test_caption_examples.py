"""The examples in the docstrings of the package."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from btsclip import captions

MODULES = sorted(module.name for module in pkgutil.iter_modules(captions.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_are_correct(name: str) -> None:
    module = importlib.import_module(f"btsclip.captions.{name}")
    assert doctest.testmod(module).failed == 0
