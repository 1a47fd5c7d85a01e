"""Options that several verbs share, each with an example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from btsclip import limits
from btsclip.cli import places, values

Mishaps = Literal["keep", "drop", "only"]
Faces = Literal["all", "others", "none"]


DEFAULT_PRESET, DEFAULT_ENCODER = "honest-kitchen", "libx264"


def encoder(value: str) -> str:
    """An encoder by its name. Raises WrongValue for one that is not known."""
    if value == DEFAULT_ENCODER:
        return value
    from btsclip.render.encoders import AUTO, HARDWARE, SOFTWARE

    name: str = values.choice(lambda: (SOFTWARE, AUTO, *HARDWARE))(value)
    return name


FootageList = Annotated[
    list[Path],
    typer.Argument(metavar="FOOTAGE", help="One or more takes. Example: `dough.mp4 oven.mov`"),
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
        parser=places.preset,
        metavar="NAME|FILE",
        help="Look and pacing: a preset's name or TOML file. Example: `--preset brand-minimal`",
    ),
]
Count = Annotated[
    int | None,
    typer.Option(
        "--count",
        parser=values.whole(limits.COUNT),
        metavar="N",
        help="The largest number of clips, 1 to 200. Example: `--count 3`",
    ),
]
MinLength = Annotated[
    float | None,
    typer.Option(
        "--min-length",
        parser=values.decimal(limits.MIN_CLIP_SECONDS),
        metavar="S",
        help="Shortest clip in seconds, 0.5 to 600. Example: `--min-length 6`",
    ),
]
MaxLength = Annotated[
    float | None,
    typer.Option(
        "--max-length",
        parser=values.decimal(limits.CLIP_SECONDS),
        metavar="S",
        help="Longest clip in seconds, 1 to 600. Example: `--max-length 15`",
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
        parser=places.notes,
        metavar="FILE",
        help="Notes on the shoot; without it the shoot.toml beside a take is read. "
        "Example: `--notes saturday.toml`",
    ),
]
BlurredFaces = Annotated[
    Faces | None,
    typer.Option(
        "--blur-faces",
        parser=values.choice(lambda: get_args(Faces)),
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
        parser=values.choice(lambda: get_args(Mishaps)),
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
        parser=encoder,
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
    from btsclip.media import remote

    try:
        return remote.remote_folder(text)
    except BtsclipError as error:
        raise values.WrongValue(error.subject, error.cause, error.cure) from None


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
        parser=values.whole(limits.TOP),
        metavar="N",
        help="Only the N best clips of all takes together. Example: `--top 10`",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        parser=values.whole(limits.JOBS),
        metavar="N",
        help="Takes and clips worked on at once, 1 to 64; without it one for two cores. "
        "Example: `--jobs 2`",
    ),
]
Events = Annotated[
    bool,
    typer.Option(
        "--json", help="Print each event as a line of JSON. Example: `--json > log.jsonl`"
    ),
]
