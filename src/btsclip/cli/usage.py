"""Commands that answer wrong usage in the words of all other errors, with exit code 2."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from btsclip.cli import reporting, wrong_usage
from btsclip.errors import BtsclipError, UsageError

# The parent of all errors of wrong usage: click's own in some versions of Typer, a copy in others.
_WrongUsage: Any = typer.BadParameter.__base__


class Verb(TyperCommand):
    """A command that does something."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads options and arguments; ends the program when they can't be understood."""
        # Typer would only say that there are too many, not what they may have been meant for.
        ctx.allow_extra_args = True
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except (_WrongUsage, BtsclipError) as error:
            raise _end(error, ctx) from None
        if rest and not ctx.resilient_parsing:
            raise _end(wrong_usage.too_many(ctx, rest), ctx)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Runs the verb, which may find wrong usage that only it can see."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise _end(error, ctx) from error


class Group(TyperGroup):
    """Verbs under one name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads what stands before the verb; ends the program when it can't be understood."""
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except _WrongUsage as error:
            raise _end(error, ctx) from None
        return rest

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb that is named; ends the program for a name that is not a verb's."""
        try:
            return super().resolve_command(ctx, args)
        except _WrongUsage:
            raise _end(wrong_usage.no_verb(self, ctx, args), ctx) from None


def _end(error: Any, ctx: Any) -> Exception:
    """Prints wrong usage; the exception returned ends the program."""
    if ctx.resilient_parsing or type(error).__name__ == "NoArgsIsHelpError":
        # Completion goes on, and without arguments the page of help is the answer.
        return error  # type: ignore[no-any-return]
    if not isinstance(error, BtsclipError):
        error = wrong_usage.explained(error, ctx)
    typer.echo(f"btsclip: {reporting.one_line(str(error))}", err=True)
    if isinstance(error, UsageError):
        typer.echo(f"See: {ctx.command_path} --help", err=True)
    return typer.Exit(error.exit_code)
