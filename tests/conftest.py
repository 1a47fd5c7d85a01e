"""Fixtures for all tests: footage made once per session."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from media import Media

# A busy machine must not fail a test.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_xdist_auto_num_workers() -> int:
    """One more process than there are cores: many tests wait for a command that they started."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests, and the commands they start, keep signals in a folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BTSCLIP_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Media:
    """Takes by name, see media.GOOD, media.BAD and media.OTHER."""
    return Media(tmp_path_factory.mktemp("media"))
