"""Every verb's obvious wrong use: what it ends with, and whether it says what is right."""

from __future__ import annotations

import io
import json
import os
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import media as made
import pytest
from test_export_verb import planned
from typer.main import get_command

from btsclip.cli import app, usage, wrong_usage

# Words of other programs, which no user of this one should have to read.
FOREIGN = (
    "Input should", "Value error", "validation error", "unable to parse", "Traceback", "codec",
    "unexpected extra argument",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a take, a shoot, results, and other things that may be named by mistake."""
    box = tmp_path_factory.mktemp("box")
    results = box / "kitchen-clips"
    for folder in (results, box / "saturday", box / "empty"):
        folder.mkdir()
    planned(results)
    made.take(box / "kitchen.mp4", size=(160, 90), seconds=2)
    (results / "a.mp4").rename(results / "x.mp4")
    (results / "x.json").write_text(json.dumps({"generator": "btsclip 0.1.0"}))
    os.link(box / "kitchen.mp4", box / "saturday" / "kitchen.mp4")
    (box / "movie").write_bytes((box / "kitchen.mp4").read_bytes())
    (box / "my.srt").write_text("1\n00:00:00,200 --> 00:00:01,000\nSalt\n")
    (box / "text.txt").write_text("hello\n")
    (box / "other.json").write_text("{}")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(box)
        patch.setenv("BTSCLIP_CACHE", str(box / "cache"))
        patch.setattr("platformdirs.user_config_path", lambda name: box / "config" / name)
        yield box
    # No take was looked through.
    assert not list(box.glob("cache/*"))


PROGRAM = get_command(app)


def run(line: str) -> tuple[int, str, str]:
    """The exit code of `btsclip LINE`, and what it prints to stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        PROGRAM(shlex.split(line), prog_name="btsclip")
    return int(str(ended.value.code)), out.getvalue(), err.getvalue()


# What is typed, the exit code, and what is said in one line.
WRONG: list[tuple[str, int, str]] = [
    # Values that an option can't have.
    ("cut kitchen.mp4 --count 0", 2, "--count 0: is too small; give 1 to 200"),
    ("cut kitchen.mp4 --count -1", 2, "--count -1: is too small; give 1 to 200"),
    ("cut kitchen.mp4 --count 1.5", 2, "--count 1.5: is not a whole number; give 1 to 200"),
    ("cut kitchen.mp4 --count nan", 2, "--count nan: is not a whole number"),
    ("reply saturday --comment why --count 201", 2, "--count 201: is too large; give 1 to 200"),
    ("cut kitchen.mp4 --min-length nan", 2, "--min-length nan: is not a number; give 0.5 to 600"),
    ("cut kitchen.mp4 --min-length 5s", 2, "did you mean 5? Give 0.5 to 600"),
    ("plan kitchen.mp4 --min-length 5,5", 2, "did you mean 5.5? Give 0.5 to 600"),
    ("cut kitchen.mp4 --max-length inf", 2, "--max-length inf: is too large; give 1 to 600"),
    ("story saturday --length 5", 2, "--length 5: is too small; give 6 to 180"),
    ("story saturday --length nan", 2, "--length nan: is not a number; give 6 to 180"),
    ("timelapse kitchen.mp4 --length 121", 2, "--length 121: is too large; give 5 to 120"),
    ("review kitchen-clips --port 65536", 2, "--port 65536: is too large; give 0 to 65535"),
    ("watch saturday --rest 0", 2, "--rest 0: is too small; give 0.5 or more"),
    ("watch saturday --once-idle nan", 2, "--once-idle nan: is not a number; give 1 or more"),
    ("cache clear --older-than -1", 2, "--older-than -1: is too small; give 0 or more"),
    ("caption kitchen.mp4 --text a --start -1", 2, "--start -1: is too small; give 0 or more"),
    ("cut kitchen.mp4 --mishaps onyl", 2, "did you mean only? Choose keep, drop or only"),
    ("cut kitchen.mp4 --blur-faces other", 2, "did you mean others? Choose all, others or none"),
    ("cut kitchen.mp4 --encoder x265", 2, "--encoder x265: is unknown; use libx264, auto"),
    ("story saturday --arc makin", 2, "--arc makin: is unknown; did you mean making?"),
    ("export kitchen-clips --to davinci", 2, "--to davinci: is unknown; did you mean resolve?"),
    ("export kitchen-clips --to premier", 2, "did you mean premiere? Choose otio"),
    ("export kitchen-clips --to ''", 2, "--to '': is unknown; use otio, otioz, edl"),
    ("export kitchen-clips --to word", 2, "--to word: is unknown; use otio, otioz, edl"),
    ("measure text.txt --exported yesterday", 2, "is not a day; write it as 2026-11-24"),
    ("batch saturday --scheduler studio", 2, "is not an address; did you mean tcp://studio:8786?"),
    ("batch saturday --scheduler http://a:1", 2, "did you mean tcp://a:1?"),
    ("batch https://example.com/x", 2, "https://example.com/x: is not a known store"),
    # Options that are right one by one, but not together.
    *(
        (f"{verb} --min-length 20 --max-length 5", 2,
         "--min-length 20: is more than --max-length 5; swap them")
        for verb in ("cut kitchen.mp4", "plan kitchen.mp4", "batch saturday", "watch saturday",
                     "reply saturday --comment why")
    ),
    *(
        (f"{verb} --language fr", 2, "--language fr: --language belongs to --speech; add that too")
        for verb in ("cut kitchen.mp4", "plan kitchen.mp4", "batch saturday", "watch saturday",
                     "story saturday", "reply saturday --comment why",
                     "caption kitchen.mp4 --text a")
    ),
    *(
        (f"{verb} --no-fillers", 2, "--no-fillers: --no-fillers belongs to --speech; add that too")
        for verb in ("cut kitchen.mp4", "story saturday", "caption kitchen.mp4 --text a")
    ),
    ("caption kitchen.mp4", 2, "give one of --captions FILE, --text TEXT and --speech"),
    ("caption kitchen.mp4 --text a --speech", 2, "has more than one source of captions"),
    ("caption kitchen.mp4 my.srt --captions my.srt", 2, "my.srt: cannot be used with --captions"),
    ("caption kitchen.mp4 --text ''", 2, "--text: is empty; write the caption"),
    ("caption kitchen.mp4 --text a --start 5 --end 2", 2, "--end 2: is not after --start 5"),
    ("caption kitchen.mp4 my.srt --end 2", 2, "--end: needs --text"),
    ("reply saturday", 2, "--comment: is missing; give --comment TEXT, or --csv FILE"),
    ("reply saturday --comment ' '", 2, "--comment: is empty; write the viewer's question"),
    ("reply saturday --comment a --csv b.csv", 2, "--csv: cannot be used with --comment"),
    ("reply saturday --csv b.csv --author ana", 2, "--author: cannot be used with --csv"),
    # Options and arguments that are missing, too many or another verb's.
    ("export kitchen-clips", 2, "--to: is missing; add it, such as: --to resolve"),
    ("cut --count 3", 2, "FOOTAGE: is missing; add it, such as: dough.mp4 oven.mov"),
    ("cut kitchen.mp4 --out", 2, "--out: needs a value; add it, such as: -o clips"),
    ("cut kitchen.mp4 --json=yes", 2, "--json: takes no value; leave the value out"),
    ("cut kitchen.mp4 --cuont 3", 2, "--cuont: is not an option; did you mean --count?"),
    ("cut kitchen.mp4 -n 3", 2, "-n: is not an option; leave it out"),
    ("cut kitchen.mp4 --top 3", 2, "--top: is an option of batch and watch, not of cut"),
    ("cut kitchen.mp4 --length 9", 2, "of story and timelapse, not of cut; did you mean --min-len"),
    ("batch saturday --force", 2, "--force: is an option of cut, plan, render and others, not"),
    ("cut kitchen.mp4 --debug", 2, "--debug: must come before the verb; write"),
    ("probe kitchen.mp4 movie", 2, "movie: is one too many: probe takes one FOOTAGE; run it once"),
    ("doctor kitchen.mp4", 2, "kitchen.mp4: is not an argument of doctor; leave it out"),
    ("batch saturday --hook Day one", 2, "--hook: needs quotes around its text; write --hook '"),
    ("reply saturday 'how?'", 2, "--comment: is missing before the text; write --comment 'how?'"),
    ("cut kitchen.mp4 --hook Day one", 1, "one: no such file; put the whole text in quotes: --ho"),
    # What is not a verb.
    ("cutt kitchen.mp4", 2, "cutt: is not a verb; did you mean"),
    ("analyse kitchen.mp4", 2, "analyze kitchen.mp4?"),
    ("mince", 2, "mince: is not a verb; use cut, batch, watch"),
    ("'cut kitchen.mp4'", 2, "did you mean btsclip cut kitchen.mp4?"),
    ("help cut", 2, "cut --help?"),
    ("init saturday", 2, "shoot init saturday?"),
    ("shoot saturday", 2, "shoot init saturday?"),
    ("preset list", 2, "presets list?"),
    ("kitchen.mp4", 2, "kitchen.mp4: is a file, not a verb; to cut it: "),
    ("saturday", 2, "saturday: is a folder, not a verb; to cut it: "),
    ("--halp", 2, "--halp: is not an option; did you mean --help?"),
    # Something else where a take belongs.
    *(
        (f"{verb} {wrong}", 1, says)
        for verb in ("cut", "plan", "timelapse", "analyze", "probe", "caption --text a")
        for wrong, says in (
            ("kichen.mp4", "kichen.mp4: no such file; did you mean kitchen.mp4?"),
            ("nix.mp4", "nix.mp4: no such file; check the name"),
            ("'*.mov'", "*.mov: matches no file; check the folder"),
            ("https://youtu.be/a", "https://youtu.be/a: is an address, not a file; download"),
            ("saturday", "saturday: is a folder, not a video; "),
            ("empty", "empty: is a folder without videos; name a take"),
            ("kitchen-clips", "made, not a take; to view them: btsclip review kitchen-clips"),
            ("kitchen-clips/plan.json", "to render it: btsclip render kitchen-clips/plan.json"),
            ("my.srt", "my.srt: holds captions, not a video; name both: btsclip "),
            ("text.txt", "text.txt: is text, not a video; name a take"),
        )
    ),
    ("cut saturday", 1, "to cut all takes in it: btsclip batch saturday"),
    ("analyze saturday", 1, "name a take in it: btsclip analyze saturday/kitchen.mp4"),
    ("cut s3://bucket/a.mp4", 1, "s3://bucket/a.mp4: is an address, not a file; copy the file"),
    ("cut kitchen.mp4 -o text.txt", 1, "text.txt: can't be written: a file is where a folder"),
    ("cut kitchen.mp4 -o text.txt/a", 1, "a file is where a folder is needed"),
    ("caption kitchen.mp4 --text a -o text.txt/a.mp4", 1, "a file is where a folder is needed"),
    ("analyze kitchen.mp4 --plot text.txt/a.svg", 1, "a file is where a folder is needed"),
    # Something else where a shoot belongs.
    *(
        (f"{verb} {wrong}", 1, says)
        for verb in ("batch", "watch", "shoot init")
        for wrong, says in (
            ("saturdy", "saturdy: no such folder; did you mean saturday?"),
            ("kitchen.mp4", "to cut it: btsclip cut kitchen.mp4"),
            ("text.txt", "text.txt: is not a video or a folder; name the folder"),
            ("kitchen-clips", "kitchen-clips: holds only clips that btsclip made; name the folder"),
        )
    ),
    ("batch empty", 1, "empty: holds no video; name the folder that holds the takes"),
    ("story text.txt", 1, "text.txt: is not a video or a folder"),
    ("story kitchen-clips", 1, "holds only clips that btsclip made; name the folder of the takes"),
    ("reply nix --comment why", 1, "nix: no such folder or file; check the name"),
    ("watch saturday --preset nix", 1, "preset nix: no such preset"),
    # Something else where a plan belongs.
    *(
        (f"{verb} {wrong}", 1, says)
        for verb in ("render", "review", "report", "export --to edl")
        for wrong, says in (
            ("kitchen.mp4", "kitchen.mp4: is a video; cut it first: btsclip cut kitchen.mp4"),
            ("movie", "movie: is a video; cut it first: btsclip cut movie"),
            ("saturday", "saturday: holds takes but no plan; to cut them: btsclip batch saturday"),
            ("empty", "empty: holds no plan; make one: btsclip plan TAKE"),
            ("text.txt", "text.txt: is not a plan; name a plan.json or the folder that holds it"),
            ("other.json", "other.json: is not a cut plan; make one with `btsclip plan`"),
            ("nix.json", "nix.json: no such file; make one with `btsclip plan`"),
            ("nix", "nix: no such file or folder; check the name"),
            ("kitchen-clips/x.mp4", " kitchen-clips/plan.json"),
            ("kitchen-clips/x.json", " kitchen-clips/plan.json"),
        )
    ),
    # Captions, notes, presets.
    ("watch saturday --notes nix.toml", 1, "nix.toml: no such file; check the name"),
    ("cut kitchen.mp4 --notes saturday", 1, "name a file in it, such as saturday/shoot.toml"),
    ("cut kitchen.mp4 --notes kitchen.mp4", 1, "kitchen.mp4: is a video, not notes; name a file"),
    ("cut kitchen.mp4 --preset kitchen.mp4", 1, "kitchen.mp4: is a video, not a preset; see"),
    ("caption my.srt kitchen.mp4", 2, "must come first; write btsclip caption kitchen.mp4 my.srt"),
    ("caption kitchen.mp4 'Day one'", 2, "Day one: is not a file; to write that text, give --text"),
    ("caption kitchen.mp4 nix.srt", 1, "nix.srt: no such file; check the name"),
    ("presets new honest-kitchen", 1, "choose another name, such as my-honest-kitchen"),
    ("cut kitchen.mp4 --preset brand-minimum", 1, "did you mean brand-minimal?"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "says"), WRONG, ids=[row[0] for row in WRONG])
def test_wrong_usage_gets_the_right_command(line: str, code: int, says: str) -> None:
    ended, out, err = run(line)
    first, *rest = err.splitlines()
    assert ended == code and first.startswith("btsclip: "), out + err
    assert says in first and out == ""
    assert not any(words in err for words in FOREIGN)
    # Wrong usage, and nothing else, is followed by where to read how it is used.
    assert len(rest) == (code == 2) and all(
        line.startswith("See: ") and line.endswith(" --help") for line in rest
    )


def verbs() -> list[tuple[str, Any]]:
    return list(wrong_usage.verbs_in(PROGRAM))


def test_every_verb_explains_wrong_usage() -> None:
    assert len(verbs()) >= 25
    assert all(isinstance(command, usage.Verb) for _, command in verbs())


@pytest.mark.parametrize(("verb", "command"), verbs(), ids=[name for name, _ in verbs()])
def test_wrong_values_have_our_wording(verb: str, command: Any) -> None:
    arguments = "nix " * sum(p.required for p in command.params if p.param_type_name == "argument")
    for option in command.params:
        if option.param_type_name == "option" and not option.is_flag:
            _, out, err = run(f"{verb} {arguments} {option.opts[-1]}=onyl")
            assert not any(words in out + err for words in FOREIGN), out + err


@pytest.mark.parametrize(
    "verb",
    [name for name, command in verbs() if any(p.required for p in command.params)],
)
def test_without_arguments_a_verb_shows_its_help(verb: str) -> None:
    code, out, _ = run(verb)
    assert code == 2 and "Usage" in out and "Example" in out
