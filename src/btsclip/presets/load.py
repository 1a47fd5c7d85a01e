"""Presets from TOML files: found by name, extended from one another, checked with clear errors."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from btsclip.errors import BtsclipError, PresetError
from btsclip.media.output import output_error, refuse_existing, write_text
from btsclip.presets import images
from btsclip.presets.schema import Preset
from btsclip.presets.toml_errors import explain_fault, line_of, read_toml

_PACKAGED = Path(__file__).parent / "builtin"
_CHECKOUT = Path(__file__).parents[3] / "presets"


def load_preset(name: str) -> Preset:
    """The preset of that name, or in that file if `name` ends in .toml or is no preset but a file.

    Names are looked for in the user's folder, then in ./presets, then among the built-in ones.
    Raises PresetError naming file, line, key and the nearest right key.
    """
    return _load(find_preset(name), ())


def find_faults(path: Path) -> list[BtsclipError]:
    """All that is wrong with a preset file, each with its line; empty when it can be used."""
    try:
        text, values = read_toml(path, PresetError)
        found = [*_picture_faults(path, text, values)]
        values = _extended(path, text, values, ())
    except BtsclipError as error:
        return [error]
    try:
        Preset.model_validate(values)
    except ValidationError as error:
        found += [explain_fault(path, text, fault, Preset, PresetError) for fault in error.errors()]
    return found


def preset_names() -> dict[str, Path]:
    """All presets that can be named, with their files; a user's own hides a built-in one."""
    found: dict[str, Path] = {}
    for folder in reversed(preset_folders()):
        found.update({path.stem: path for path in sorted(folder.glob("*.toml"))})
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class PresetListing:
    """A preset that can be named. `description` says what is wrong with a file that can't be
    used."""

    name: str
    description: str
    path: Path
    built_in: bool


def list_presets() -> list[PresetListing]:
    """All presets by name, each with what it is for."""
    found = []
    for name, path in preset_names().items():
        wrong = find_faults(path)
        text = f"can't be used: {wrong[0]}" if wrong else _load(path, ()).description
        built_in = path.resolve().parent == preset_folders()[-1].resolve()
        found.append(PresetListing(name, text, path, built_in))
    return found


def create_preset(name: str, base: str, *, force: bool = False) -> Path:
    """Writes a preset `name` among the user's own that extends `base`, and returns its file.

    Raises PresetError for a base that does not exist, a name that can't be one or that of a
    built-in preset, and OutputError when the file already exists (without `force`) or can't be
    written.
    """
    from btsclip.presets.write import new_preset_toml

    return write_own(name, new_preset_toml(base, load_preset(base)), force=force)


def write_own(name: str, text: str, *, force: bool = False) -> Path:
    """Writes the `text` of a preset `name` among the user's own, and returns its file.

    Raises PresetError for a name that can't be one or is a built-in preset's, and OutputError as
    `create` does.
    """
    name = name.removesuffix(".toml")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise PresetError(f"preset {name}", "is no name for a file", "use letters, digits and -")
    path = preset_folders()[0] / f"{name}.toml"
    if (preset_folders()[-1] / path.name).is_file():
        # Unasked, every run would use it, and the presets that extend the built-in one, too.
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
    """Where presets are looked for, in this order."""
    from platformdirs import user_config_path

    builtin = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
    return [user_config_path("btsclip") / "presets", Path("presets"), builtin]


def _load(path: Path, extended_by: tuple[Path, ...]) -> Preset:
    if path in extended_by:
        circle = " -> ".join(step.stem for step in [*extended_by, path])
        raise PresetError(path, f"extends itself: {circle}", "take one `extends` out")
    text, values = read_toml(path, PresetError)
    try:
        preset = Preset.model_validate(_extended(path, text, values, extended_by))
    except ValidationError as error:
        raise explain_fault(path, text, error.errors()[0], Preset, PresetError) from error
    for fault in _picture_faults(path, text, values):
        raise fault
    return preset


def _picture_faults(path: Path, text: str, values: dict[str, Any]) -> list[BtsclipError]:
    """What is wrong with the pictures that the file at `path` names itself, of that `text` and
    those `values`."""
    return [
        PresetError(f"{path}:{line_of(text, keys)}", f"{'.'.join(keys)}: {cause}", cure)
        for keys, cause, cure in images.unreadable(images.with_absolute_paths(values, path.parent))
    ]


def _extended(
    path: Path, text: str, values: dict[str, Any], extended_by: tuple[Path, ...]
) -> dict[str, Any]:
    """`values` of the file at `path` over those of the preset that it extends."""
    base = values.get("extends")
    values = images.with_absolute_paths(values, path.parent)
    merged = dict(values)
    if isinstance(base, str):
        base_path = find_preset(base, path, f"{path}:{line_of(text, ['extends'])}")
        parent = _load(base_path, (*extended_by, path)).model_dump(exclude_unset=True)
        merged = merge({k: v for k, v in parent.items() if k != "description"}, values)
    merged["name"] = path.stem
    return merged


def find_preset(name: str, extended_by: Path | None = None, subject: str = "") -> Path:
    """The file of a preset, as `load` finds it; one that extends its own name means the next of
    that name."""
    if name.endswith(".toml"):
        # A preset names its base from where it lies, a user from where they are.
        return extended_by.parent / name if extended_by else Path(name)
    found = [folder / f"{name}.toml" for folder in preset_folders()]
    found = [path for path in found if _is_file(path)]
    if extended_by in found[:-1]:
        found = found[found.index(extended_by) + 1 :]
    if found:
        return found[0]
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
    """Whether there is such a file; a text may also be too long to be a file's name."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over` in it, table by table."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merge(result[key], value) if both else value
    return result
