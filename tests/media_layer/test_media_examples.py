"""The examples in the docstrings of the package."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["numbers", "packets", "paths"])
def test_docstring_examples_are_correct(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"btsclip.media.{name}"))
    assert results.attempted and results.failed == 0
