"""constraints.txt: the versions that all of the core was tested with."""

import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


def key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(package: str, found: set[str]) -> set[str]:
    """All that `package` needs and that is installed here, without extras."""
    for line in requires(package) or []:
        name = re.match(r"[A-Za-z0-9._-]+", line)
        if not name or "extra ==" in line or key(name[0]) in found:
            continue
        try:
            version(name[0])
        except PackageNotFoundError:
            continue  # for other systems or versions of Python
        found.add(key(name[0]))
        needed(name[0], found)
    return found


def test_constraints_name_every_core_package() -> None:
    lines = CONSTRAINTS.read_text("utf-8").splitlines()
    pinned = {key(line.partition("==")[0]) for line in lines if "==" in line}
    core = needed("btsclip", set())
    assert {"moviepy", "av", "pydantic"} <= core
    assert core - pinned == set()
