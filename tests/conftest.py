"""Fixtures for all tests: footage is made, and looked through, once a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import media as making
import pytest
from hypothesis import settings
from media import Media

# A busy machine must not fail a test.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_xdist_auto_num_workers() -> int:
    """One more process than there are cores: many tests wait for a command that they started."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that all its workers use: what is in it is made once and only read."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def own_cache(shared: Path) -> Iterator[None]:
    """Tests, and the commands they start, keep signals and made takes in the folder of the run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BTSCLIP_CACHE", str(shared / "cache"))
        patch.setattr(making, "made_before", shared / "made")
        yield


@pytest.fixture(scope="session")
def media(shared: Path) -> Media:
    """Takes by name, see media.GOOD, media.BAD and media.OTHER."""
    return Media(shared / "media")
