"""Captions files as people and programs write them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from btsclip.captions.clock import seconds_of
from btsclip.captions.files import MAX_TABLE_SECONDS, read_captions
from btsclip.captions.lines import clean_line
from btsclip.captions.subtitles import format_subtitles
from btsclip.errors import CaptionError
from btsclip.plan.texts import Caption

SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\n<b>In</b> it\ngoes {\\an8}now\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\n200\n"
)
VTT = (
    "WEBVTT - mine\n\nSTYLE\n::cue { color: red }\n\nfirst\n"
    "00:01.000 --> 00:02.500 align:start\n<v Ana>In <00:00:01.200>it</v> goes &amp; goes\n\n"
    "NOTE nothing\n\n00:00:03.000 --> 00:00:04.000\n200\n"
)
ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\n"
    "Style: Default,Inter\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\b1}In it\\Ngoes, now\n"
    "Comment: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,not this\n"
)


def cues(folder: Path, name: str, text: str | bytes) -> list[tuple[str, float, float]]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(cue.text, cue.start, cue.end) for cue in read_captions(path).cues]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.srt", SRT, [("In it goes now", 1.0, 2.5), ("200", 3.0, 4.0)]),
        ("a.SRT", SRT.replace("\n", "\r\n"), [("In it goes now", 1.0, 2.5), ("200", 3.0, 4.0)]),
        ("a.vtt", VTT, [("In it goes & goes", 1.0, 2.5), ("200", 3.0, 4.0)]),
        ("a.ass", ASS, [("In it goes, now", 1.0, 2.5)]),
        ("a.csv", "time,text\n1,One\n0:02.5,Two\n", [("One", 1, 2.5), ("Two", 2.5, 6.5)]),
        (
            "a.csv",
            "1;One, two\n2,5;\n1:02:03,4;Three",
            [("One, two", 1, 2.5), ("Three", 3723.4, 3727.4)],
        ),
        ("a.csv", '1,"One, ""two"""\n9,"a\nb"', [('One, "two"', 1, 5), ("a b", 9, 13)]),
    ],
)
def test_files_are_read(
    name: str, text: str, expected: list[tuple[str, float, float]], tmp_path: Path
) -> None:
    assert cues(tmp_path, name, text) == expected


def srt(*rows: tuple[str, str, str]) -> str:
    """An SRT file of (start, end, text), with times without hours."""
    return "".join(
        f"{number}\n{'-' * (start[0] == '-')}00:{start.strip('-')} --> 00:{end}\n{text}\n\n"
        for number, (start, end, text) in enumerate(rows, 1)
    )


def ass(*texts: str) -> str:
    """An ASS file of texts, each from 1 to 2.5 seconds."""
    head, _, event = ASS.partition("Dialogue:")
    before = event.partition("{")[0]
    return head + "".join(f"Dialogue:{before}{text}\n" for text in texts)


GOOD = ("00:05,000", "00:06,000", "Good")
NO_TIME = ("00:01,000", "00:01,000", "<i>No</i>\ntime")
REVERSED = ("00:02,000", "00:01,000", "Back")
EARLY = ("-00:01,000", "00:00,000", "Early")
VTT_NO_TIME = VTT.replace("02.500", "01.000").replace("\n200", "\nGood")


@pytest.mark.parametrize(
    ("name", "text", "warning"),
    [
        ("a.srt", srt(GOOD, NO_TIME), r"'No time' \(line 6\): a text must end after it starts"),
        ("a.srt", srt(REVERSED, GOOD), r"'Back' \(line 2\): a text must end after"),
        ("a.srt", srt(*[NO_TIME] * 5, GOOD), r"(, 'No time' \(line \d+\)){2} and 2 more: "),
        ("a.srt", srt(EARLY, GOOD), r"'Early' \(line 2\): the footage begins later"),
        ("a.vtt", VTT_NO_TIME, r"'In it goes & goes' \(line 7\)"),
        ("a.ass", ass("No time", "Good").replace("0:00:02.50", "0:00:01.00", 1), r"'No time' \(l"),
        ("a.csv", "5,One\n5,Good\n", r"'One' \(line 1\): a text must end after it starts"),
    ],
)
def test_text_without_duration_is_left_out_with_a_warning(
    name: str, text: str, warning: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text)
    captions = read_captions(path)
    assert [cue.text for cue in captions.cues] == ["Good"]
    assert len(captions.warnings) == 1
    assert re.search(rf"{re.escape(name)}: left out .*{warning}", captions.warnings[0])


def test_texts_may_begin_before_the_footage_and_come_in_any_order(tmp_path: Path) -> None:
    early = ("-00:01,000", "00:02,000", "Early")
    assert cues(tmp_path, "a.srt", srt(GOOD, early)) == [("Early", 0, 2), ("Good", 5, 6)]
    assert cues(tmp_path, "a.csv", "-1,One\n2,Two\n")[0] == ("One", 0, 2)
    # Some programs write a text for its outline and again for its letters.
    assert [text for text, *_ in cues(tmp_path, "a.ass", ass("Salt", "Salt", "Oil"))] == [
        "Salt", "Oil"
    ]  # fmt: skip


TURNS = "- Is it\nhot?\n- Not yet"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", srt(("00:01,000", "00:02,000", TURNS))),
        ("a.srt", srt(("00:01,000", "00:02,000", "- <i>Is it hot?</i><br/>- Not yet"))),
        ("a.srt", srt(("00:01,000", "00:02,000", TURNS))[:-2].replace("\n", "\r\n")),
        ("a.vtt", f"WEBVTT\n\n00:01.000 --> 00:02.000 line:0\n{TURNS}\n\nNOTE - mine\n- here\n"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Is it\nhot?</v> <v.loud Ben>Not yet"),
        ("a.ass", ass("{\\an8}- Is it hot?\\N- Not yet")),
        ("a.csv", '1,"- Is it hot?\n- Not yet"\n'),
    ],
)
def test_two_speakers_keep_a_line_each(name: str, text: str, tmp_path: Path) -> None:
    assert [text for text, *_ in cues(tmp_path, name, text)] == ["- Is it hot?\n- Not yet"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{\\p1}m 0 0 l 9 0 9 9{\\p0}Salt", "Salt"),
        ("{\\an7\\pos(1,2)}Salt {\\p4\\c&HFF&}m 0 0 l 9 0{\\p0}now", "Salt now"),
        ("{\\pbo5}Salt", "Salt"),
        ("{\\p 1}m 0 0 l 9 0{\\p 0}Salt", "Salt"),
    ],
)
def test_text_beside_an_ass_drawing_is_kept(text: str, expected: str, tmp_path: Path) -> None:
    assert [text for text, *_ in cues(tmp_path, "a.ass", ass(text))] == [expected]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_set_the_encoding(encoding: str, tmp_path: Path) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    data = marks.get(encoding, b"") + "1,Crème brûlée خبز\n".encode(encoding)
    assert cues(tmp_path, "a.csv", data)[0][0] == "Crème brûlée خبز"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "x", r"a\.txt: is not a readable captions file; use one of \.srt"),
        ("a.srt", "", r"a\.srt: has no captions; .*-->"),
        ("a.csv", "time,text\n", r"a\.csv: has no captions"),
        (
            "a.srt",
            "1\n00:00:03,000 --> 00:00:02,000\nx",
            r"a\.srt:2: 'x' and all other texts are never visible",
        ),
        ("a.srt", "1\n00:00:-3,000 --> 00:00:02,000\nx", r"a\.srt:2: .*not a pair of times"),
        ("a.srt", "1\n00:03,000 --> 00:05,000\nx", r"a\.srt:2: .*write times as 00:00:12,500"),
        ("a.srt", VTT, r"a\.srt:1: is WebVTT; rename it to \.vtt"),
        ("a.vtt", SRT, r"a\.vtt:1: does not begin with WEBVTT"),
        ("a.vtt", "WEBVTT\n\n00:02.000 --> 00:01.000\nx", r"a\.vtt:3: .*let texts end after"),
        ("a.ass", ASS.replace("0:00:02.50", "0:00:00.50"), r"a\.ass:\d+: .*let texts end after"),
        ("a.ass", ASS.replace("0:00:02.50", "soon"), r"a\.ass: is not a valid ASS file .*'soon'"),
        ("a.ass", ASS.replace("{\\b1}", "{\\p1}"), r"a\.ass: has no captions"),
        ("a.csv", "1,One\nsoon,Two", r"a\.csv:2: 'soon' is not a time; write 12\.5,In it goes"),
        ("a.csv", "5,One\n2,Two", r"a\.csv:2: '2' is earlier than the line above; sort the lines"),
        ("a.csv", "1,One\n2", r"a\.csv:2: has no text"),
        ("a.csv", "1,One, two\n2,Three", r'a\.csv:1: has more than two columns; put .*"quotes"'),
        ("a.csv", b"1,One\n2,Cr\xe8me", r"a\.csv:2: is not UTF-8 text"),
        ("a.srt", b"\x00\x01\x02", r"a\.srt: is not text"),
    ],
)
def test_errors_name_the_line_and_the_cure(
    name: str, text: str | bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(CaptionError, match=message):
        cues(tmp_path, name, text)


def test_missing_file_and_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(CaptionError, match="no such file"):
        read_captions(tmp_path / "a.srt")
    (tmp_path / "b.srt").mkdir()
    with pytest.raises(CaptionError, match="is a folder"):
        read_captions(tmp_path / "b.srt")


# Without lines of digits alone: in SRT they are the number of the next text.
texts = st.text(
    st.characters(codec="utf-8", categories=["L", "Nd", "P", "Zs"], exclude_characters="<&{}\\"),
    min_size=1, max_size=60,
).map(clean_line).filter(lambda text: bool(text) and "-->" not in text)  # fmt: skip
steps = st.integers(1, 90_000)


@given(
    rows=st.lists(st.tuples(steps, steps, texts), min_size=1, max_size=8),
    form=st.sampled_from(["srt", "vtt"]),
)
def test_written_subtitles_are_read_back(
    rows: list[tuple[int, int, str]], form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    time, expected = 0, []
    for gap, length, text in rows:
        start, time = time + gap, time + gap + length
        expected.append((text, start / 1000, time / 1000))
    captions = [Caption(text=t, start=s, end=e) for t, s, e in expected]
    path = tmp_path_factory.mktemp("round") / f"a.{form}"
    path.write_text(format_subtitles(captions, form), "utf-8")  # type: ignore[arg-type]
    assert [(cue.text, cue.start, cue.end) for cue in read_captions(path).cues] == expected


def test_braces_and_backslashes_are_kept(tmp_path: Path) -> None:
    text = "{salt} \\N & <pepper>"
    (tmp_path / "a.vtt").write_text(
        format_subtitles([Caption(text=text, start=0, end=1)], "vtt"), "utf-8"
    )
    assert read_captions(tmp_path / "a.vtt").cues[0].text == text


@given(
    rows=st.lists(st.tuples(steps, texts), min_size=1, max_size=8),
    separator=st.sampled_from([",", ";"]),
)
def test_tables_of_the_csv_module_are_read(
    rows: list[tuple[int, str]], separator: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    time, expected = 0, []
    for gap, text in rows:
        time += gap
        expected.append((time / 1000, text))
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(expected)
    path = tmp_path_factory.mktemp("table") / "a.csv"
    path.write_text(file.getvalue(), "utf-8")
    read = read_captions(path).cues
    assert [(cue.start, cue.text) for cue in read] == expected
    for cue, following in zip(read, [*read[1:], None], strict=True):
        assert cue.end <= cue.start + MAX_TABLE_SECONDS + 1e-9
        assert following is None or cue.end <= following.start


@given(st.integers(0, 359_999_999))
def test_times_are_read_as_written(milliseconds: int) -> None:
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest / 1000:06.3f}"
    for text in (
        f"{hours}:{minutes:02d}:{seconds}",
        f"{hours}:{minutes:02d}:{seconds}".replace(".", ","),
    ):
        assert seconds_of(text) == pytest.approx(milliseconds / 1000)
    assert seconds_of(f" {milliseconds / 1000:.3f} ") == pytest.approx(milliseconds / 1000)


@pytest.mark.parametrize("text", ["", "-1", "1:60", "1:60:00", "a", "1:2:3:4", "1e3", "nan", "."])
def test_text_that_is_not_a_time_gives_none(text: str) -> None:
    assert seconds_of(text) is None
