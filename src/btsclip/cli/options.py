"""Options and arguments that several verbs share, each with an example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from btsclip import limits
from btsclip.cli import places, values

Mishaps = Literal["keep", "drop", "only"]
Faces = Literal["all", "others", "none"]

DEFAULT_PRESET = "honest-kitchen"
DEFAULT_ENCODER = "libx264"


def encoder(value: str) -> str:
    """Check the name of an encoder. Raises WrongValue if it is unknown."""
    if value == DEFAULT_ENCODER:
        return value
    from btsclip.render import AUTO, HARDWARE, SOFTWARE

    name: str = values.choice(lambda: (SOFTWARE, AUTO, *HARDWARE))(value)
    return name


def folder_or_store(text: str) -> Path:
    """Read a local folder or a folder in an object store. Raises WrongValue for other addresses."""
    from btsclip.errors import BtsclipError
    from btsclip.media import remote

    try:
        return remote.remote_folder(text)
    except BtsclipError as error:
        raise values.WrongValue(error.subject, error.cause, error.cure) from None


# What a verb works on.
FootageList = Annotated[
    list[Path],
    typer.Argument(metavar="FOOTAGE", help="One or more takes. Example: `dough.mp4 oven.mov`"),
]
OneFootage = Annotated[
    Path, typer.Argument(metavar="FOOTAGE", help="One take. Example: `dough.mp4`")
]
ShootFolder = Annotated[
    Path, typer.Argument(metavar="SHOOT", help="Folder of a day's takes. Example: `saturday`")
]
ShootPlace = Annotated[
    Path,
    typer.Argument(
        metavar="SHOOT",
        parser=folder_or_store,
        help="Folder of a day's takes, or s3://BUCKET/FOLDER. Example: `saturday`",
    ),
]
PlanPlace = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN", help="A plan, or the folder that holds it. Example: `kitchen-clips`"
    ),
]

# Where the results go.
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        metavar="DIR",
        help="Folder for the results, created if missing. Example: `-o clips`",
    ),
]
SHOOT_OUT_HELP = "Folder for the results. Default: `btsclip` inside the shoot. Example: `-o clips`"
ShootOut = Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help=SHOOT_OUT_HELP)]
ShootOutPlace = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="DIR", parser=folder_or_store, help=SHOOT_OUT_HELP),
]

# Which moments become clips, and how long they are.
Count = Annotated[
    int | None,
    typer.Option(
        "--count",
        parser=values.whole(limits.COUNT),
        metavar="N",
        help=f"Maximum number of clips, {limits.COUNT}. Default: set by the preset. "
        "Example: `--count 3`",
    ),
]
Top = Annotated[
    int | None,
    typer.Option(
        "--top",
        parser=values.whole(limits.TOP),
        metavar="N",
        help="Keep only the N best clips of the whole shoot. Example: `--top 10`",
    ),
]
MinLength = Annotated[
    float | None,
    typer.Option(
        "--min-length",
        parser=values.decimal(limits.MIN_CLIP_SECONDS),
        metavar="S",
        help=f"Shortest clip in seconds, {limits.MIN_CLIP_SECONDS}. Default: set by the preset. "
        "Example: `--min-length 6`",
    ),
]
MaxLength = Annotated[
    float | None,
    typer.Option(
        "--max-length",
        parser=values.decimal(limits.CLIP_SECONDS),
        metavar="S",
        help=f"Longest clip in seconds, {limits.CLIP_SECONDS}. Default: set by the preset. "
        "Example: `--max-length 15`",
    ),
]
MishapChoice = Annotated[
    Mishaps,
    typer.Option(
        "--mishaps",
        parser=values.choice(lambda: get_args(Mishaps)),
        metavar="keep|drop|only",
        help="Mishaps: `keep` them, `drop` them, or show `only` them. Example: `--mishaps only`",
    ),
]

# How clips look and what is written on them.
PresetName = Annotated[
    str,
    typer.Option(
        "--preset",
        parser=places.preset,
        metavar="NAME|FILE",
        help="Look and pacing: a preset's name or TOML file. Example: `--preset brand-minimal`",
    ),
]
PlanPresetName = Annotated[
    str | None,
    typer.Option(
        "--preset",
        parser=places.preset,
        metavar="NAME|FILE",
        help="Look and pacing: a preset's name or TOML file. Default: the plan's preset. "
        "Example: `--preset brand-minimal`",
    ),
]
Hook = Annotated[
    str | None,
    typer.Option(
        "--hook",
        metavar="TEXT",
        help="Text over the first seconds of every video. Example: `--hook 'Day one of sourdough'`",
    ),
]
Series = Annotated[
    str | None,
    typer.Option(
        "--series",
        metavar="NAME",
        help="Number the clips as parts of a series, in the order you filmed. "
        "Example: `--series 'Sunday bread'`",
    ),
]
Speech = Annotated[
    bool,
    typer.Option(
        "--speech",
        help="Caption what people say, word by word. Needs the `speech` extra. Example: `--speech`",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="CODE",
        help="Language of the speech. Default: detected. Example: `--speech --language fr`",
    ),
]
NoFillers = Annotated[
    bool,
    typer.Option(
        "--no-fillers",
        help='Leave "um", "you know" and the like out of the text of the speech. The sound keeps '
        "them. Example: `--speech --no-fillers`",
    ),
]
Captions = Annotated[
    Path | None,
    typer.Option(
        "--captions",
        metavar="FILE",
        help="Captions timed to the footage: .srt, .vtt, .ass, or .csv with time and text. "
        "Example: `--captions dough.srt`",
    ),
]
AudioTrack = Annotated[
    int | None,
    typer.Option(
        "--audio-track",
        parser=values.whole(limits.AUDIO_TRACK),
        metavar="N",
        help="Sound track to use, counted from 1; `probe` lists them. Default: the first "
        "one with sound, unless another is clearer. Example: `--audio-track 2`",
    ),
]
NotesFile = Annotated[
    Path | None,
    typer.Option(
        "--notes",
        parser=places.notes,
        metavar="FILE",
        help="Your notes on the shoot. Default: the `shoot.toml` next to the takes. "
        "Example: `--notes saturday.toml`",
    ),
]
BlurredFaces = Annotated[
    Faces | None,
    typer.Option(
        "--blur-faces",
        parser=values.choice(lambda: get_args(Faces)),
        metavar="all|others|none",
        help="Faces to blur: `all`, `others` (everyone without consent in the notes; default when "
        "the notes list people) or `none`. Example: `--blur-faces all`",
    ),
]
BrandFile = Annotated[
    Path | None,
    typer.Option(
        "--brand",
        parser=places.brand,
        metavar="FILE",
        help="Your colors, font, logo and name, over the preset. Default: the `brand.toml` next to "
        "the takes or in the folder above. Example: `--brand brand.toml`",
    ),
]
PlanBrandFile = Annotated[
    Path | None,
    typer.Option(
        "--brand",
        parser=places.brand,
        metavar="FILE",
        help="Your colors, font, logo and name, over the preset. Default: the plan's brand. "
        "Example: `--brand brand.toml`",
    ),
]
FontFile = Annotated[
    Path | None,
    typer.Option(
        "--font",
        metavar="FILE",
        help="Your own font for the captions: .ttf, .otf or .ttc. Example: `--font Lobster.ttf`",
    ),
]

# How the work is done and what is printed.
Encoder = Annotated[
    str,
    typer.Option(
        "--encoder",
        parser=encoder,
        metavar="NAME",
        help="Video encoder: libx264, `auto` (a graphics card that passes a test), or a hardware "
        "encoder that `doctor` lists. Example: `--encoder auto`",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        parser=values.whole(limits.JOBS),
        metavar="N",
        help=f"Number of parallel workers, {limits.JOBS}. Default: half the CPU cores. "
        "Example: `--jobs 2`",
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Show what would be made, and write nothing. Example: `--dry-run`"
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print the result as JSON. Example: `--json > result.json`"),
]
Events = Annotated[
    bool,
    typer.Option(
        "--json", help="Print each event as a line of JSON. Example: `--json > log.jsonl`"
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Overwrite existing results. Example: `--force`")
]
