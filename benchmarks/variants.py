"""Accuracy of the analysis on footage unlike the labeled takes, and on footage without work.

Run: python benchmarks/variants.py [--takes NAME ...] [--variants NAME ...]

Variants of the labeled takes (see accuracy.py) are made with ffmpeg in a temporary folder; their
labels stay valid. Printed is the average precision of the belief in work and of the presence of
hands, for each variant, the unchanged take and chance; `encoded` is the effect of the encoder
alone. Then takes without any work: the share of their time believed to be work, and the moments
found other than idle and reveal. The beliefs are fitted to the same takes: the figures show the
cost of a change of picture, not the accuracy in other kitchens.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from fit_belief import average_precision
from labeled_takes import read_labels

from btsclip.analysis.analysis import analyze
from btsclip.media.ffmpeg import ffmpeg_path

ROOT = Path(__file__).parents[1]
FONT = ROOT / "src" / "btsclip" / "captions" / "fonts" / "Inter-Bold.ttf"
SIZE = "1280:720"
# A keyframe every second, regardless of scenes, like those of cameras.
KEYS = ["-force_key_frames", "expr:gte(t,n_forced)", "-forced-idr", "1"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p", *KEYS]
HEVC = ["-c:v", "libx265", "-preset", "ultrafast", "-crf", "22", "-pix_fmt", "yuv420p", *KEYS,
        "-x265-params", "log-level=error", "-tag:v", "hvc1"]  # fmt: skip
# A hand-held camera: 1 to 3 Hz; from a few pixels up to 4 % of the width and back in 7 s.
SWAY = "(0.55+0.45*sin(2*PI*t/7))"
SHAKE_X = f"iw*(0.05+{SWAY}*(0.02*sin(7*t)+0.012*sin(12*t+1)+0.008*sin(18*t+2)))"
SHAKE_Y = f"ih*(0.05+{SWAY}*(0.02*sin(8*t+3)+0.012*sin(13*t)+0.008*sin(17*t+1)))"
SHAKE = f"crop=iw*0.9:ih*0.9:{SHAKE_X}:{SHAKE_Y}:exact=1,scale={SIZE}"
# Left and right in 16 s: 3 % of the width a second.
PAN = "crop=iw*0.8:ih*0.8:iw*0.2*abs(mod(t/8\\,2)-1):ih*0.2*abs(mod(t/11\\,2)-1):exact=1"
BED = (
    "split[full][part];[part]scale=iw*0.45:-2[small];[1:v]gblur=sigma=24,eq=brightness=-0.25[back];"
    "[full][back]overlay[bed];[bed][small]overlay=(W-w)/2:(H-h)*0.6"
)
PAD = 10.0
BLACK = f"tpad=start_duration={PAD}:stop_duration={PAD}:color=black"
LABELS = ("process", "hands")
# Sources of labeled scenes without work: untouched food, and empty rooms.
FOOD = ("leader_fried", "gastro_corp2", "jach_baked", "plated")
EMPTY = ("newcali", "empty_counter")
ROOM = "anoisesrc=color=brown:amplitude=0.05:seed=1"
MUSIC = "aevalsrc='0.1*(sin(1382*t)+sin(1740*t)+sin(2073*t))*exp(-4*mod(t,0.5))'"

Row = dict[str, str]
Arguments = list[str | Path]


@dataclass(frozen=True)
class Variant:
    """Changes of a take: filters `graph` of the picture (empty: copy the packets) and `sound` of
    the sound, `turn` of the display matrix in degrees, and a beginning `shift` seconds later."""

    graph: str = ""
    sound: str = ""
    turn: int = 0
    shift: float = 0.0
    options: tuple[str, ...] = ()


VARIANTS = {
    "encoded": Variant("null"),
    "mirrored": Variant("hflip"),
    "upside-down": Variant("hflip,vflip"),
    "wide": Variant(BED),
    "close": Variant(f"crop=iw*0.55:ih*0.55,scale={SIZE}"),
    "gloves-120": Variant("hue=h=120"),
    "gloves-220": Variant("hue=h=220"),
    # 1.5 stops of light are 0.68 of the exposure filter's, which works on gamma-coded values.
    "dim": Variant("exposure=-0.68,format=yuv420p,noise=alls=14:allf=t"),
    "dark": Variant("exposure=-1.5,format=yuv420p,noise=alls=14:allf=t"),
    "grey": Variant("hue=s=0"),
    "shaky": Variant(SHAKE),
    "pan": Variant(f"{PAN},scale={SIZE}"),
    "portrait": Variant(turn=90),
    "turned": Variant("transpose=clock", turn=90),
    "24fps": Variant("fps=24"),
    "60fps": Variant("framerate=60"),
    "hevc": Variant("null", options=tuple(HEVC)),
    "silent": Variant(options=("-an",)),
    "padded": Variant(BLACK, sound=f"adelay={PAD * 1000:.0f}:all=1,apad=pad_dur={PAD}", shift=PAD),
}


def main() -> None:
    """Print a table per take, then the takes without work."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--takes", nargs="+", help="names of labeled takes; default all there are")
    names = [*VARIANTS, *NEGATIVES]
    parser.add_argument("--variants", nargs="+", choices=names, default=names)
    options = parser.parse_args()
    os.environ["BTSCLIP_CACHE"] = "off"  # Measure the current code.
    all_takes = find_takes()
    takes = [take for take in all_takes if not options.takes or take.stem in options.takes]
    if not takes:
        parser.error(f"no such take; there are: {', '.join(t.stem for t in all_takes)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = [name for name in VARIANTS if name in options.variants]
        summaries = [table(take, wanted, folder) for take in takes]
        print_negatives([n for n in NEGATIVES if n in options.variants], all_takes, folder)
    print("\n".join(filter(None, summaries)))


def find_takes() -> list[Path]:
    """All labeled takes that exist."""
    folders = (ROOT.parent / "shared" / "footage", ROOT / "samples")
    labels = [path for folder in folders for path in sorted(folder.glob("*.labels.csv"))]
    videos = [path.with_name(path.name.replace(".labels.csv", ".mp4")) for path in labels]
    return [video for video in videos if video.exists()]


def table(take: Path, names: list[str], folder: Path) -> str:
    """Print a line per variant; return the worst and the mean, empty without variants."""
    if not names:
        return ""
    rows = read_labels(take)
    print(f"{take.stem:16} AP process   AP hands")
    shares = [_seconds([r for r in rows if r[c] == "1"]) / _seconds(rows) for c in LABELS]
    print_line("(chance)", dict(zip(LABELS, shares, strict=True)))
    print_line("(unchanged)", precisions(take, rows))
    figures: dict[str, dict[str, float]] = {}
    for name in names:
        if "libx265" in VARIANTS[name].options and not has_encoder("libx265"):
            print(f"  {name:14} left out: this ffmpeg has no libx265")
            continue
        path = make(VARIANTS[name], take, folder / f"{take.stem}-{name}.mp4")
        figures[name] = precisions(path, rows, VARIANTS[name].shift)
        path.unlink()
        print_line(name, figures[name])
    return summary(take.stem, figures) if figures else ""


def print_line(name: str, figures: dict[str, float]) -> None:
    """Print a line of the table."""
    print(f"  {name:14}" + "".join(f" {figures[label]:10.3f}" for label in LABELS), flush=True)


def summary(name: str, figures: dict[str, dict[str, float]]) -> str:
    """The worst variant and the mean, in a line for work and a line for hands."""
    lines = []
    for label in LABELS:
        worst = min(figures, key=lambda variant: figures[variant][label])
        mean = fmean(figure[label] for figure in figures.values())
        text = f"worst {figures[worst][label]:.3f} ({worst}), mean {mean:.3f}"
        lines.append(f"{name:16} {label:8} {text}")
    return "\n".join(lines)


def precisions(path: Path, rows: list[Row], shift: float = 0.0) -> dict[str, float]:
    """Average precision of the belief in work and of the presence of hands."""
    analysis = analyze(path)
    scores = {"process": analysis.process, "hands": analysis.signals.presence}
    times, figures = analysis.signals.times - shift, {}
    for label, score in scores.items():
        true = np.zeros(len(times))
        for row in rows:
            true[(times >= float(row["start"])) & (times < float(row["end"]))] = float(row[label])
        figures[label] = average_precision(true, score)
    return figures


def make(variant: Variant, take: Path, path: Path) -> Path:
    """Write a variant of a take to `path`. Frames keep their times."""
    source = take
    if variant.graph:
        source = path.with_suffix(".plain.mp4") if variant.turn else path
        inputs: Arguments = ["-i", take]
        if "[1:v]" in variant.graph:
            empty = next(row for row in read_labels(take) if _is_empty(row))
            inputs += ["-i", still(take, empty, path.parent)]
        graph = ["-filter_complex", f"[0:v]{variant.graph}[v]", "-map", "[v]", "-map", "0:a?"]
        sound = ["-af", variant.sound, "-c:a", "aac"] if variant.sound else ["-c:a", "copy"]
        encoder = [*(variant.options or H264), "-fps_mode", "passthrough"]
        ffmpeg(*inputs, *graph, *sound, *encoder, source)
    if source != path:  # The display matrix is an option of inputs alone.
        turn = ["-display_rotation:v", str(variant.turn)] if variant.turn else []
        ffmpeg(*turn, "-i", source, "-map", "0", "-c", "copy", *variant.options, path)
    return path


def print_negatives(names: list[str], takes: list[Path], folder: Path) -> None:
    """Print the share of work believed and the moments found in takes without any work."""
    if not names:
        return
    scenes = {r["source"]: (take, r) for take in takes for r in read_labels(take) if _is_empty(r)}
    stills = {source: still(take, row, folder) for source, (take, row) in scenes.items()}
    print(f"{'no work':16} believed work   moments found (neither idle nor reveal)")
    for name in names:
        path = folder / f"{name}.mp4"
        NEGATIVES[name](stills, path)
        analysis = analyze(path)
        kinds = Counter(m.kind for m in analysis.moments if m.kind not in ("idle", "reveal"))
        found = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
        share = float((analysis.process >= 0.5).mean())
        print(f"  {name:14} {share:13.3f}   {sum(kinds.values())} {found}".rstrip(), flush=True)


def drift(stills: dict[str, Path], path: Path) -> None:
    """Make 40 s of slow zooms and pans over pictures."""
    frames = round(40 * 30 / len(stills))
    moves = (
        f"z=1+0.25*on/{frames}:x=(iw-iw/zoom)/2:y=(ih-ih/zoom)/2",
        f"z=1.25:x=(iw-iw/zoom)*on/{frames}:y=(ih-ih/zoom)*on/{frames}",
    )
    # Enlarge first: zoompan moves by whole pixels of its input.
    zoom = f"scale=3840:2160,zoompan={{}}:d={frames}:s=1280x720:fps=30"
    graphs = [zoom.format(moves[i % 2]) for i in range(len(stills))]
    _write(path, [["-i", still] for still in stills.values()], graphs, ROOM)


def handheld(stills: dict[str, Path], path: Path) -> None:
    """Make a take with a shaking camera before pictures of food, 10 s each."""
    _hold([stills[s] for s in FOOD if s in stills], 10, f"scale=1920:1080,{SHAKE}", path)


def flicker(stills: dict[str, Path], path: Path) -> None:
    """Make a take of empty rooms, 12 s each, with a still camera and a flickering lamp."""
    light = "0.08*sin(2*PI*3*t)+0.04*sin(2*PI*7.3*t)"
    graph = f"scale={SIZE},eq=brightness='{light}':eval=frame,noise=alls=6:allf=t"
    _hold([stills[s] for s in EMPTY if s in stills], 12, graph, path)


def titles(_: dict[str, Path], path: Path) -> None:
    """Make 20 s of rolling text and a moving skin-colored logo, with music."""
    # A name without folders needs no escapes in a graph.
    path.with_name("font.ttf").write_bytes(FONT.read_bytes())
    text = "drawtext=fontfile=font.ttf:fontcolor=white:fontsize=54:x=80"
    lines = ("HOME KITCHEN", "slow bread", "soup and salt", "every Sunday", "thank you all")
    rolls = [f"{text}:y=h-90*t+{150 * i}:text={line}" for i, line in enumerate(lines * 2)]
    logo = "[1:v]drawtext=fontfile=font.ttf:fontcolor=white:fontsize=150:x=60:y=30:text=K[logo]"
    graph = f"{','.join(rolls)}[roll];{logo};[roll]"
    graph += "[logo]overlay=x='800+200*sin(1.5*t)':y='250+150*sin(2.3*t)'"
    boxes = ["color=c=0x203040:s=1280x720:r=30:d=20", "color=c=0xD09070:s=220x220:r=30:d=20"]
    _write(path, [["-f", "lavfi", "-i", box] for box in boxes], [graph], MUSIC)


NEGATIVES = {made.__name__: made for made in (drift, handheld, flicker, titles)}


def _hold(pictures: list[Path], seconds: int, graph: str, path: Path) -> None:
    hold = ("-loop", "1", "-framerate", "30", "-t", str(seconds), "-i")
    _write(path, [[*hold, picture] for picture in pictures], [graph] * len(pictures), ROOM)


def _write(path: Path, inputs: list[Arguments], graphs: list[str], sound: str) -> None:
    """Write the pictures one after another; the first inputs go through `graphs`."""
    parts = [f"[{i}:v]{graph},setsar=1[p{i}]" for i, graph in enumerate(graphs)]
    join = "".join(f"[p{i}]" for i in range(len(graphs))) + f"concat=n={len(graphs)}[v]"
    graph = ["-filter_complex", ";".join([*parts, join]), "-map", "[v]", "-map", f"{len(inputs)}:a"]
    pictures = itertools.chain(*inputs)
    ffmpeg(*pictures, "-f", "lavfi", "-i", sound, *graph, *H264, "-c:a", "aac", "-shortest", path)


def still(take: Path, row: Row, folder: Path) -> Path:
    """The picture in the middle of a labeled scene, as a file in `folder`."""
    path = folder / f"{take.stem}-{row['source']}.png"
    middle = (float(row["start"]) + float(row["end"])) / 2
    ffmpeg("-ss", f"{middle:.3f}", "-i", take, "-frames:v", "1", path)
    return path


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg in the folder of the output, the last argument."""
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, cwd=Path(arguments[-1]).parent)


def has_encoder(name: str) -> bool:
    """Whether this ffmpeg has the encoder `name`."""
    command = [ffmpeg_path(), "-v", "error", "-encoders"]
    return name in subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _is_empty(row: Row) -> bool:
    return row["process"] == row["hands"] == "0"


def _seconds(rows: list[Row]) -> float:
    return sum(float(row["end"]) - float(row["start"]) for row in rows)


if __name__ == "__main__":
    main()
