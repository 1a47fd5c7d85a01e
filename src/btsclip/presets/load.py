"""Load presets from TOML files: find them by name, extend them, and report their faults."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from btsclip.errors import BtsclipError, PresetError
from btsclip.media import output_error, read_picture, refuse_existing, write_text
from btsclip.presets.schema import Preset
from btsclip.presets.toml_errors import explain_fault, line_of, read_toml

_PACKAGED = Path(__file__).parent / "builtin"
_CHECKOUT = Path(__file__).parents[3] / "presets"
# Tables with a key `image`.
PICTURE_TABLES = ("watermark", "end_card")


def load_preset(name: str) -> Preset:
    """Load the preset `name`, or a file if `name` ends in .toml or is only the name of a file.

    Presets are found in the user's folder, then in ./presets, then among the built-in ones. Raises
    PresetError with the file, the line, the key and the nearest valid key.
    """
    return _load(find_preset(name), ())


def find_faults(path: Path) -> list[BtsclipError]:
    """All faults of a preset file, each with its line; empty for a valid file."""
    try:
        text, values = read_toml(path, PresetError)
        faults = _picture_faults(path, text, values)
        values = _extend(path, text, values, ())
    except BtsclipError as error:
        return [error]
    try:
        Preset.model_validate(values)
    except ValidationError as error:
        faults += [
            explain_fault(path, text, fault, Preset, PresetError) for fault in error.errors()
        ]
    return faults


def preset_names() -> dict[str, Path]:
    """The names of all presets with their files. A preset of the user hides a built-in one."""
    files: dict[str, Path] = {}
    for folder in reversed(preset_folders()):
        files.update({path.stem: path for path in sorted(folder.glob("*.toml"))})
    return dict(sorted(files.items()))


@dataclass(frozen=True)
class PresetListing:
    """A preset in the list of presets. The `description` of an invalid file is its first fault."""

    name: str
    description: str
    path: Path
    built_in: bool


def list_presets() -> list[PresetListing]:
    """All presets, sorted by name, with their descriptions."""
    listings = []
    for name, path in preset_names().items():
        faults = find_faults(path)
        text = f"can't be used: {faults[0]}" if faults else _load(path, ()).description
        built_in = path.resolve().parent == preset_folders()[-1].resolve()
        listings.append(PresetListing(name, text, path, built_in))
    return listings


def create_preset(name: str, base: str, *, force: bool = False) -> Path:
    """Write a preset `name` that extends `base` into the user's folder. Returns its path.

    Raises PresetError for a missing base, an invalid name, and the name of a built-in preset, and
    OutputError when the file already exists (without `force`) or can't be written.
    """
    from btsclip.presets.write import new_preset_toml

    return write_own(name, new_preset_toml(base, load_preset(base)), force=force)


def write_own(name: str, text: str, *, force: bool = False) -> Path:
    """Write the `text` of a preset `name` into the user's folder. Returns its path.

    Raises PresetError for an invalid name and the name of a built-in preset, and OutputError as
    `create_preset` does.
    """
    name = name.removesuffix(".toml")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise PresetError(f"preset {name}", "is not a valid file name", "use letters, digits and -")
    path = preset_folders()[0] / f"{name}.toml"
    if (preset_folders()[-1] / path.name).is_file():
        # Every run would use it unasked, and so would presets that extend the built-in one.
        raise PresetError(
            f"preset {name}", "is built in, and yours would take its place in every run",
            f"choose another name, such as my-{name}",
        )  # fmt: skip
    if not force:
        refuse_existing([path])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(path, error) from error
    write_text(path, text)
    return path


def preset_folders() -> list[Path]:
    """The folders of presets, in the order of the search."""
    from platformdirs import user_config_path

    builtin = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    return [user_config_path("btsclip") / "presets", Path("presets"), builtin]


def _load(path: Path, extended_by: tuple[Path, ...]) -> Preset:
    if path in extended_by:
        cycle = " -> ".join(step.stem for step in [*extended_by, path])
        raise PresetError(path, f"extends itself: {cycle}", "remove one `extends`")
    text, values = read_toml(path, PresetError)
    try:
        preset = Preset.model_validate(_extend(path, text, values, extended_by))
    except ValidationError as error:
        raise explain_fault(path, text, error.errors()[0], Preset, PresetError) from error
    for fault in _picture_faults(path, text, values):
        raise fault
    return preset


def _picture_faults(path: Path, text: str, values: dict[str, Any]) -> list[BtsclipError]:
    """The faults of the pictures that the preset file at `path` names itself."""
    faults: list[BtsclipError] = []
    for table, picture in _pictures(_with_absolute_pictures(values, path.parent)):
        try:
            read_picture(picture, PresetError)
        except PresetError as error:
            line = line_of(text, [table, "image"])
            cause = f"{table}.image: {error.subject}: {error.cause}"
            faults.append(PresetError(f"{path}:{line}", cause, error.cure))
    return faults


def _with_absolute_pictures(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """`values` of a preset file in `folder`, with absolute paths of its pictures."""
    result = dict(values)
    for table, path in _pictures(values):
        result[table] = {**values[table], "image": str(_resolve(folder / path))}
    return result


def _pictures(values: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """The tables that name a picture, with its path."""
    for table in PICTURE_TABLES:
        part = values.get(table)
        image = part.get("image") if isinstance(part, dict) else None
        if isinstance(image, str) and image:
            yield table, Path(image)


def _resolve(path: Path) -> Path:
    """`path` as an absolute path; unchanged if it can't be the path of a file."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path


def _extend(
    path: Path, text: str, values: dict[str, Any], extended_by: tuple[Path, ...]
) -> dict[str, Any]:
    """`values` of the file at `path`, merged into those of the preset that it extends."""
    base = values.get("extends")
    values = _with_absolute_pictures(values, path.parent)
    merged = dict(values)
    if isinstance(base, str):
        base_path = find_preset(base, path, f"{path}:{line_of(text, ['extends'])}")
        parent = _load(base_path, (*extended_by, path)).model_dump(exclude_unset=True)
        merged = merge({k: v for k, v in parent.items() if k != "description"}, values)
    merged["name"] = path.stem
    return merged


def find_preset(name: str, extended_by: Path | None = None, subject: str = "") -> Path:
    """The file of a preset, as `load_preset` finds it. A preset that extends its own name means the
    next one of that name. Raises PresetError."""
    if name.endswith(".toml"):
        # Relative to the preset that names its base, or to the working folder of the user.
        return extended_by.parent / name if extended_by else Path(name)
    files = [folder / f"{name}.toml" for folder in preset_folders()]
    files = [path for path in files if _is_file(path)]
    if extended_by in files[:-1]:
        files = files[files.index(extended_by) + 1 :]
    if files:
        return files[0]
    if _is_file(Path(name)):
        return Path(name)
    known = preset_names()
    nearest = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {nearest[0]}? " if nearest else ""
    raise PresetError(
        subject or f"preset {name}",
        f"extends {name}, but there is no such preset" if subject else "no such preset",
        f"{hint}there are {', '.join(known)}",
    )


def _is_file(path: Path) -> bool:
    """Whether `path` is a file; False for names that no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` updated with the values of `over`, table by table.

    >>> merge({"count": 3, "sound": {"fade": 1, "peak": 2}}, {"sound": {"fade": 5}})
    {'count': 3, 'sound': {'fade': 5, 'peak': 2}}
    """
    result = dict(base)
    for key, value in over.items():
        are_tables = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merge(result[key], value) if are_tables else value
    return result
