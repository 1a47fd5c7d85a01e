"""Commands that report wrong usage like every other error, with exit code 2."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from btsclip.cli import reporting, wrong_usage
from btsclip.errors import BtsclipError, UsageError

# The parent of all usage errors: click's own in some versions of Typer, a copy in others.
_UsageProblem: Any = typer.BadParameter.__base__


class Verb(TyperCommand):
    """A command that does something."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read options and arguments. Ends the program if they make no sense."""
        # Typer would only count the extra arguments; we explain what they may have been meant for.
        ctx.allow_extra_args = True
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except (_UsageProblem, BtsclipError) as error:
            raise _exit(error, ctx) from None
        if rest and not ctx.resilient_parsing:
            raise _exit(wrong_usage.too_many(ctx, rest), ctx)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the verb, which may find wrong usage that the parser cannot see."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise _exit(error, ctx) from error


class Group(TyperGroup):
    """Verbs under one name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the verb. Ends the program if they make no sense."""
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except _UsageProblem as error:
            raise _exit(error, ctx) from None
        return rest

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the verb. Ends the program if there is no verb of that name."""
        try:
            return super().resolve_command(ctx, args)
        except _UsageProblem:
            raise _exit(wrong_usage.no_verb(self, ctx, args), ctx) from None


def _exit(error: Any, ctx: Any) -> Exception:
    """Print wrong usage, and return the exception that ends the program."""
    if ctx.resilient_parsing or type(error).__name__ == "NoArgsIsHelpError":
        # Shell completion must go on; without arguments the help page is the answer.
        return error  # type: ignore[no-any-return]
    if not isinstance(error, BtsclipError):
        error = wrong_usage.explained(error, ctx)
    typer.echo(f"btsclip: {reporting.one_line(str(error))}", err=True)
    if isinstance(error, UsageError):
        typer.echo(f"See: {ctx.command_path} --help", err=True)
    return typer.Exit(error.exit_code)
