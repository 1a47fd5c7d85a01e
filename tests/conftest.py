"""Fixtures for all tests: footage made once per session."""

from __future__ import annotations

import pytest
from media import Media


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Media:
    """Takes by name, see media.GOOD, media.BAD and media.OTHER."""
    return Media(tmp_path_factory.mktemp("media"))
