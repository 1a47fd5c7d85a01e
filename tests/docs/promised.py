"""What the pages promise that a command leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pages import resolve

# Beside each clip: its cover, and what is known of it. Not every clip has texts.
CLIPS = ("*.mp4", "*.jpg", "*.json")
OWN_PRESETS = "home/.config/btsclip/presets"

Values = dict[str, Any]


def promised(words: list[str]) -> list[str]:
    """Patterns of files from the folder in which `words` are typed; each is there afterwards."""
    if words[0] != "btsclip" or "--help" in words:
        return []
    command, rest = resolve(words[1:])
    context = command.make_context(command.name, list(rest), resilient_parsing=True)
    promise = _PROMISES.get(_full_name(command, words))
    return [str(pattern) for pattern in promise(context.params)] if promise else []


def result_folder(words: list[str]) -> Path | None:
    """The new folder that `words` make, and that must not be there before; None for others."""
    verb = words[1] if words[0] == "btsclip" else ""
    if verb not in ("cut", "plan", "story", "timelapse", "reply") or "--force" in words:
        return None
    return Path(promised(words)[0]).parent


def _full_name(command: Any, words: list[str]) -> str:
    group = next(word for word in words[1:] if not word.startswith("-"))
    return command.name if group == command.name else f"{group} {command.name}"


def _in(folder: Path, *names: str) -> list[Path]:
    return [folder / name for name in names]


def _new_folder(values: Values, suffix: str, several: str = "clips") -> Path:
    """Where results go: as named, or by the first and only take or shoot."""
    given = values.get("footage") or values.get("place") or values.get("shoot")
    paths = given if isinstance(given, list | tuple) else [given]
    name = f"{Path(paths[0]).stem}-{suffix}" if len(paths) == 1 else several
    return Path(values.get("out") or name)


def _cut(values: Values) -> list[Path]:
    return _in(_new_folder(values, "clips"), "plan.json", "report.html", *CLIPS)


def _plan(values: Values) -> list[Path]:
    return _in(_new_folder(values, "clips"), "plan.json")


def _batch(values: Values) -> list[Path]:
    folder = Path(values.get("out") or Path(values["shoot"]) / "btsclip")
    reports = ("plan.json", "report.txt", "report.json", "report.html", "btsclip.log")
    return _in(folder, *reports, *CLIPS)


def _caption(values: Values) -> list[Path]:
    made = Path(values.get("out") or f"{Path(values['video']).stem}-captioned.mp4")
    return [made.with_suffix(kind) for kind in (".mp4", ".srt", ".vtt")]


def _reply(values: Values) -> list[Path]:
    made = "replies" if values["table"] else "replies/how-do-you-chop-so-fast"
    return _in(Path(values.get("out") or made), "reply.json", *CLIPS)


def _export(values: Values) -> list[Path]:
    if values["out"]:
        return [Path(values["out"])]
    suffix = {"resolve": ".fcpxml", "kdenlive": ".kdenlive"}[values["to"]]
    name = Path(values["plan"]).stem if values["joined"] else "*"
    return [Path(values["plan"]).parent / "edit" / (name + suffix)]


def _measure(values: Values) -> list[Path]:
    suggested = values.get("suggest")
    made = [Path(OWN_PRESETS) / f"{suggested}.toml"] if suggested else []
    return made + ([Path(values["out"])] if values.get("out") else [])


_PROMISES: dict[str, Callable[[Values], list[Path]]] = {
    "cut": _cut,
    "plan": _plan,
    "render": lambda values: _in(Path(values["plan"]).parent, "report.html", *CLIPS),
    "batch": _batch,
    "watch": _batch,
    "story": lambda values: _in(_new_folder(values, "story"), "plan.json", *CLIPS),
    "timelapse": lambda values: _in(_new_folder(values, "timelapse"), "plan.json", *CLIPS),
    "caption": _caption,
    "reply": _reply,
    "export": _export,
    "measure": _measure,
    "analyze": lambda values: [*(values["plot"] or ()), *(values["sheet"] or ())],
    "report": lambda values: _in(Path(values["folder"]), "report.html"),
    "shoot init": lambda values: _in(Path(values["shoot"]), "shoot.toml"),
    "presets new": lambda values: [Path(OWN_PRESETS) / f"{values['name']}.toml"],
    "presets preview": lambda values: [values["out"]],
}
