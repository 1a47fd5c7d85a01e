"""Fixtures for all tests: footage made once per session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from media import Media

# A busy machine must not fail a test.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


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
