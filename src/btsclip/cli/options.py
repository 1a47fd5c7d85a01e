"""Options that several verbs share, each with an example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Mishaps = Literal["keep", "drop", "only"]
Faces = Literal["all", "others", "none"]

FootageList = Annotated[
    list[Path],
    typer.Argument(metavar="FOOTAGE...", help="One or more takes. Example: `dough.mp4 oven.mov`"),
]
OneFootage = Annotated[Path, typer.Argument(metavar="FOOTAGE", help="A take. Example: `dough.mp4`")]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        metavar="DIR",
        help="Folder for the results; made when missing. Example: `-o clips`",
    ),
]
PresetName = Annotated[
    str,
    typer.Option(
        "--preset",
        metavar="NAME|FILE",
        help="Look and pacing: a preset's name or TOML file. Example: `--preset brand-minimal`",
    ),
]
Count = Annotated[
    int | None,
    typer.Option("--count", min=1, max=200, help="At most so many clips. Example: `--count 3`"),
]
MinLength = Annotated[
    float | None,
    typer.Option(
        "--min-length",
        min=0.5,
        metavar="S",
        help="Shortest clip in seconds. Example: `--min-length 6`",
    ),
]
MaxLength = Annotated[
    float | None,
    typer.Option(
        "--max-length",
        min=1,
        metavar="S",
        help="Longest clip in seconds. Example: `--max-length 15`",
    ),
]
Hook = Annotated[
    str | None,
    typer.Option(
        "--hook",
        metavar="TEXT",
        help="Text over the first seconds of each clip. Example: `--hook 'Day one of sourdough'`",
    ),
]
Speech = Annotated[
    bool,
    typer.Option(
        "--speech",
        help="Write what is said, word by word; see docs/speech.md. Example: `cut a.mp4 --speech`",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="CODE",
        help="What language --speech hears; left out, it finds out. Example: `--language fr`",
    ),
]
Captions = Annotated[
    Path | None,
    typer.Option(
        "--captions",
        metavar="FILE",
        help="Texts with their times in the take: .srt, .vtt, .ass or .csv (time, text). "
        "Example: `--captions dough.srt`",
    ),
]
NotesFile = Annotated[
    Path | None,
    typer.Option(
        "--notes",
        metavar="FILE",
        help="Notes on the shoot; without it the shoot.toml beside a take is read. "
        "Example: `--notes saturday.toml`",
    ),
]
BlurredFaces = Annotated[
    Faces | None,
    typer.Option(
        "--blur-faces",
        help="Whose faces nobody can know: all; others, but of people who agreed in the notes (so "
        "where these list people); none (else). Example: `--blur-faces all`",
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", help="Replace results that are there. Example: `cut a.mp4 --force`"),
]
Json = Annotated[
    bool, typer.Option("--json", help="Print JSON on stdout. Example: `--json > result.json`")
]
MishapWish = Annotated[
    Mishaps,
    typer.Option(
        "--mishaps",
        help="Show mishaps like everything else, leave them out, or show nothing else. "
        "Example: `--mishaps only`",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Only say what would be made. Example: `timelapse take.mp4 --dry-run`"
    ),
]
Encoder = Annotated[
    str,
    typer.Option(
        "--encoder",
        metavar="NAME",
        help="libx264, auto, or a hardware encoder `doctor` lists. Example: `--encoder auto`",
    ),
]
OwnFont = Annotated[
    Path | None,
    typer.Option(
        "--font",
        metavar="FILE",
        help="A .ttf, .otf or .ttc font for the captions. Example: `--font Lobster.ttf`",
    ),
]


def place(text: str) -> Path:
    """A folder, or one in a store, as named on the command line."""
    from btsclip.errors import BtsclipError
    from btsclip.shoot import stores

    try:
        return stores.place(text)
    except BtsclipError as error:
        raise typer.BadParameter(str(error)) from None


ShootPlace = Annotated[
    Path,
    typer.Argument(
        metavar="SHOOT",
        parser=place,
        help="The folder of a day's takes, or s3://BUCKET/FOLDER. Example: `saturday`",
    ),
]
ResultPlace = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        metavar="DIR",
        parser=place,
        help="Folder for the results; without it `btsclip` in the shoot. Example: `-o clips`",
    ),
]
ShootFolder = Annotated[
    Path, typer.Argument(metavar="SHOOT", help="The folder of a day's takes. Example: `saturday`")
]
ShootOut = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        metavar="DIR",
        help="Folder for the results; without it `btsclip` in the shoot. Example: `-o clips`",
    ),
]
Top = Annotated[
    int | None,
    typer.Option(
        "--top",
        min=1,
        metavar="N",
        help="Only the N best clips of all takes together. Example: `--top 10`",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        min=1,
        max=64,
        metavar="N",
        help="Takes and clips worked on at once; without it one for two cores. Example: `--jobs 2`",
    ),
]
Events = Annotated[
    bool,
    typer.Option(
        "--json", help="Print each event as a line of JSON. Example: `--json > log.jsonl`"
    ),
]
DEFAULT_PRESET = "honest-kitchen"


def check_language(language: str | None, speech: bool) -> None:
    """Wrong usage when a language is named and nothing is heard."""
    if language is not None and not speech:
        raise typer.BadParameter("--language belongs to --speech; add that too")
