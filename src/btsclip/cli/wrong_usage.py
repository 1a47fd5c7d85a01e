"""Explain options, arguments and verbs that make no sense, and suggest the likely one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from btsclip.cli import values
from btsclip.errors import BtsclipError, UsageError
from btsclip.wording import listed

# Verbs that a message lists when an option belongs to them.
MAX_VERBS = 3


def explained(error: Any, ctx: Any) -> BtsclipError:
    """An error of Typer's in our words."""
    # Compare names: depending on the version, the classes are click's or Typer's copies.
    kind, param = type(error).__name__, getattr(error, "param", None)
    if isinstance(error, values.WrongValue):
        option = param and param.param_type_name == "option"
        value = error.value or "''"
        subject = f"{_name(param)} {value}" if option else value
        return UsageError(subject, error.cause, error.cure)
    if kind == "MissingParameter" and param:
        return UsageError(_name(param), "is missing", f"add it{_example(param)}")
    if kind == "NoSuchOption":
        return _unknown_option(error.option_name, ctx)
    if kind == "BadOptionUsage":
        option = next((p for p in ctx.command.params if error.option_name in p.opts), None)
        if option and option.is_flag:
            return UsageError(error.option_name, "takes no value", "leave the value out")
        return UsageError(error.option_name, "needs a value", f"add it{_example(option)}")
    if unreadable := re.fullmatch(r"\w+ '(.*)' is not readable\.?", str(error.message)):
        # Typer checks every path, but a missing permission is not wrong usage.
        return BtsclipError(unreadable[1], "cannot be read", "check its permissions")
    name = _name(param) if param else ctx.command_path
    return UsageError(name, str(error.message).rstrip("."), "")


def too_many(ctx: Any, rest: list[str]) -> UsageError:
    """The error for arguments that the verb does not take, such as a text without quotes."""
    arguments = [p for p in ctx.command.params if p.param_type_name == "argument"]
    text = next((p for p in ctx.command.params if p.metavar == "TEXT"), None)
    if text and not any(Path(word).exists() for word in rest):
        typed = ctx.params.get(text.name)
        full_text = " ".join([str(typed), *rest] if typed else rest)
        cause = "needs quotes around its text" if typed else "is missing before the text"
        return UsageError(_name(text), cause, f"write {_name(text)} {shlex.quote(full_text)}")
    if not arguments:
        return UsageError(rest[0], f"is not an argument of {_verb(ctx)}", "leave it out")
    cause = f"is one too many: {_verb(ctx)} takes one {_name(arguments[0])}"
    return UsageError(rest[0], cause, "run it once for each file")


def no_verb(group: Any, ctx: Any, args: list[str]) -> UsageError:
    """The error for a name that is not a verb.

    It may be a typo, a file, an option without dashes, or a verb of another group.
    """
    typed, rest = args[0], args[1:]
    inner = [name for name, _ in verbs_in(group) if name.endswith(f" {typed}")]
    only = list(group.commands) if len(group.commands) == 1 else []
    similar = values.nearest(typed, group.commands)
    path, words = Path(typed), typed.split()
    if f"--{typed}" in _options(group):
        likely = [*rest[:1], f"--{typed}"]
    elif inner:
        likely = [*inner[0].split(), *rest]
    elif len(words) > 1 and words[0] in group.commands:
        # The whole command line was typed in quotes.
        likely = [*words, *rest]
    elif only:
        likely = [*only, *args]
    elif path.is_dir() or path.is_file():
        verb, kind = ("batch", "a folder") if path.is_dir() else ("cut", "a file")
        line = f"{ctx.find_root().command_path} {verb} {shlex.quote(typed)}"
        return UsageError(typed, f"is {kind}, not a verb", f"to cut it: {line}")
    elif similar:
        likely = [similar, *rest]
    else:
        return UsageError(typed, "is not a verb", f"use {listed(group.commands, 'or')}")
    line = f"{ctx.command_path} {shlex.join(likely)}"
    return UsageError(typed, "is not a verb", f"did you mean {line}?")


def verbs_in(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """All verbs with their full names, such as "presets list"."""
    for name, command in group.commands.items():
        if getattr(command, "commands", None) is None:
            yield f"{prefix}{name}", command
        else:
            yield from verbs_in(command, f"{prefix}{name} ")


def _unknown_option(name: str, ctx: Any) -> UsageError:
    """The error for an option that the verb does not have.

    It may be a typo, an option of other verbs, or one that must come before the verb.
    """
    root = ctx.find_root()
    if ctx is not root and name in _options(root.command):
        line = f"{root.command_path} {name} {_verb(ctx)} ..."
        return UsageError(name, "must come before the verb", f"write {line}")
    known = [option for option in _options(ctx.command) if option.startswith("--")]
    owners = [verb for verb, command in verbs_in(root.command) if name in _options(command)]
    if owners:
        # Similar spelling is not enough here: only an option with the same word means the same.
        likely = next((option for option in known if name.strip("-") in option), "")
        cause = f"is an option of {_list_verbs(owners)}, not of {_verb(ctx)}"
    else:
        likely, cause = values.nearest(name, known), "is not an option"
    return UsageError(name, cause, f"did you mean {likely}?" if likely else "leave it out")


def _name(param: Any) -> str:
    """The long name of an option, or the name of an argument as in help."""
    if param.param_type_name == "argument":
        return str(param.metavar or param.name)
    return str(max(param.opts, key=len))


def _example(param: Any) -> str:
    """An example of the option or argument, from its help."""
    example = re.search(r"Example: `([^`]+)`", getattr(param, "help", None) or "")
    return f", such as: {example[1]}" if example else ""


def _verb(ctx: Any) -> str:
    """The verb as it was typed, without the program's name."""
    return str(ctx.command_path).partition(" ")[2]


def _options(command: Any) -> list[str]:
    names = [name for p in command.params if p.param_type_name == "option" for name in p.opts]
    return [*names, "--help"]


def _list_verbs(verbs: list[str]) -> str:
    """The first few verbs in words."""
    if len(verbs) > MAX_VERBS:
        return f"{', '.join(verbs[:MAX_VERBS])} and others"
    return " and ".join(part for part in (", ".join(verbs[:-1]), verbs[-1]) if part)
