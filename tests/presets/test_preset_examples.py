"""The examples in the docstrings of the package."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["load", "schema", "toml_errors"])
def test_docstring_examples_are_correct(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"btsclip.presets.{name}"))
    assert results.attempted and results.failed == 0
