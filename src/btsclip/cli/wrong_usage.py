"""What was probably meant by options, arguments and verbs that can't be understood."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from btsclip.cli import values
from btsclip.errors import BtsclipError, UsageError

# Verbs that are named at most where an option belongs to others.
NAMED = 3


def explained(error: Any, ctx: Any) -> BtsclipError:
    """An error of Typer's in our words."""
    # Whether they are click's or a copy, the errors have these names.
    kind, param = type(error).__name__, getattr(error, "param", None)
    if isinstance(error, values.WrongValue):
        option = param and param.param_type_name == "option"
        value = error.value or "''"
        subject = f"{_name(param)} {value}" if option else value
        return UsageError(subject, error.cause, error.cure)
    if kind == "MissingParameter" and param:
        return UsageError(_name(param), "is missing", f"add it{_example(param)}")
    if kind == "NoSuchOption":
        return _no_option(error.option_name, ctx)
    if kind == "BadOptionUsage":
        option = next((p for p in ctx.command.params if error.option_name in p.opts), None)
        if option and option.is_flag:
            return UsageError(error.option_name, "takes no value", "write it alone")
        return UsageError(error.option_name, "needs a value", f"add it{_example(option)}")
    if closed := re.fullmatch(r"\w+ '(.*)' is not readable\.?", str(error.message)):
        # Typer looks at each path; that it may not be read is no wrong usage.
        return BtsclipError(closed[1], "can't be read: no permission", "see who may read it")
    name = _name(param) if param else ctx.command_path
    return UsageError(name, str(error.message).rstrip("."), "")


def too_many(ctx: Any, rest: list[str]) -> UsageError:
    """Arguments that the verb has no use for, such as a text without quotes."""
    arguments = [p for p in ctx.command.params if p.param_type_name == "argument"]
    text = next((p for p in ctx.command.params if p.metavar == "TEXT"), None)
    if text and not any(Path(word).exists() for word in rest):
        before = ctx.params.get(text.name)
        whole = " ".join([str(before), *rest] if before else rest)
        cause = "takes all of its text in quotes" if before else "is missing before a text"
        return UsageError(_name(text), cause, f"write {_name(text)} {shlex.quote(whole)}")
    if not arguments:
        return UsageError(rest[0], f"has no meaning to {_verb(ctx)}", "leave it out")
    takes = f"is one too many: {_verb(ctx)} takes one {_name(arguments[0])}"
    return UsageError(rest[0], takes, "run it once for each of them")


def no_verb(group: Any, ctx: Any, args: list[str]) -> UsageError:
    """A name that is not a verb's: a file's, an option's, one of another group, or a typo."""
    typed, rest, here = args[0], args[1:], ctx.command_path
    inner = [name for name, _ in verbs_in(group) if name.endswith(f" {typed}")]
    only = list(group.commands) if len(group.commands) == 1 else []
    near = values.nearest(typed, group.commands)
    path, words = Path(typed), typed.split()
    if f"--{typed}" in _options(group):
        meant = [*rest[:1], f"--{typed}"]
    elif inner:
        meant = [*inner[0].split(), *rest]
    elif len(words) > 1 and words[0] in group.commands:
        # The whole line in quotes.
        meant = [*words, *rest]
    elif only:
        meant = [*only, *args]
    elif path.is_dir() or path.is_file():
        verb, kind = ("batch", "a folder") if path.is_dir() else ("cut", "a file")
        line = f"{ctx.find_root().command_path} {verb} {shlex.quote(typed)}"
        return UsageError(typed, f"is {kind}, not a verb", f"to cut it: {line}")
    elif near:
        meant = [near, *rest]
    else:
        return UsageError(typed, "is not a verb", f"use {values.any_of(group.commands)}")
    return UsageError(typed, "is not a verb", f"did you mean {here} {shlex.join(meant)}?")


def _no_option(name: str, ctx: Any) -> UsageError:
    """An option that the verb does not have: another verb's, one before the verb, or a typo."""
    root = ctx.find_root()
    if ctx is not root and name in _options(root.command):
        line = f"{root.command_path} {name} {_verb(ctx)} ..."
        return UsageError(name, "stands before the verb", f"write {line}")
    known = [option for option in _options(ctx.command) if option.startswith("--")]
    others = [verb for verb, other in verbs_in(root.command) if name in _options(other)]
    if others:
        # Many names are like those of other things; only one with the same word means the same.
        near = next((option for option in known if name.strip("-") in option), "")
        cause = f"is an option of {_some(others)}, not of {_verb(ctx)}"
    else:
        near, cause = values.nearest(name, known), "is not an option"
    return UsageError(name, cause, f"did you mean {near}?" if near else "leave it out")


def _name(param: Any) -> str:
    """An option as it is written, or an argument as help names it."""
    if param.param_type_name == "argument":
        return str(param.metavar or param.name)
    return str(max(param.opts, key=len))


def _example(param: Any) -> str:
    """How the option or argument is used, from its help."""
    found = re.search(r"Example: `([^`]+)`", getattr(param, "help", None) or "")
    return f", such as: {found[1]}" if found else ""


def _verb(ctx: Any) -> str:
    """The verb as it was typed, without the program's name."""
    return str(ctx.command_path).partition(" ")[2]


def _options(command: Any) -> list[str]:
    named = [opt for p in command.params if p.param_type_name == "option" for opt in p.opts]
    return [*named, "--help"]


def _some(verbs: list[str]) -> str:
    """The first few verbs in words."""
    if len(verbs) > NAMED:
        return f"{', '.join(verbs[:NAMED])} and others"
    return " and ".join(part for part in (", ".join(verbs[:-1]), verbs[-1]) if part)


def verbs_in(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """All verbs with their names, those of groups after the group's name."""
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        if inner is None:
            yield f"{before}{name}", command
        else:
            yield from verbs_in(command, f"{before}{name} ")
