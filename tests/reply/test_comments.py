"""Comments in tables, as platforms and tools write them."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from btsclip.errors import BtsclipError
from btsclip.reply.comments import ViewerComment, _count, questions, read_comments

ROWS = [("how do you chop?", "ana", 12), ('Line one\nline two; "quoted", 🔥', "Ben, B.", 0)]


def table(head: list[str], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows([(*row, "x")[: len(head)] for row in ROWS])
    return text.getvalue()


@pytest.mark.parametrize(
    "head",
    [
        ["comment", "author", "likes"], ["Comment Text", "User Name", "Like Count"],
        ["textDisplay", "authorDisplayName", "likeCount"], ["text", "uniqueId", "diggCount"],
        ["content", "username", "comment_likes"], ["Kommentar", "Benutzer", "Gefällt mir"],
        ["Comentario", "Usuario", "Me gusta"], ["Commentaire", "Auteur", "J'aime"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_of_all_kinds_are_read(
    head: list[str], delimiter: str, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "c.csv"
    path.write_text(table(head, delimiter), encoding, newline="")
    assert read_comments(path) == [
        ViewerComment("how do you chop?", "ana", 12),
        ViewerComment('Line one line two; "quoted", 🔥', "Ben, B.", 0),
    ]


def test_other_columns_markup_and_short_rows_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        'id,likes,comment\n1,"1,204",Tom &amp; I<br>ask <b>why</b> 3 < 4\n'
        "2,1.2K,so good\n\n3\n4,,\n",
        "utf-8",
    )
    assert read_comments(path) == [
        ViewerComment("Tom & I ask why 3 < 4", "", 1204), ViewerComment("so good", "", 1200),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "has no column of comments; its first line holds nothing"),
        (b"a,b\n1,2\n", "first line holds 'a', 'b'; call the column `comment`"),
        (b"comment\n", "holds no comment"),
        (b"comment\n\xff\xfe\x00bad", "is not UTF-8 text"),
    ],
)
def test_unreadable_table_is_reported(data: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(data)
    with pytest.raises(BtsclipError, match="c.csv:.*" + says):
        read_comments(tmp_path / "c.csv")
    with pytest.raises(BtsclipError, match="no such file"):
        read_comments(tmp_path / "nix.csv")
    with pytest.raises(BtsclipError, match="is a folder"):
        read_comments(tmp_path)


def test_workbook_is_refused_and_named_separator_is_used(tmp_path: Path) -> None:
    (tmp_path / "c.xlsx").write_bytes(b"PK\x03\x04\x14\0\x06\0")
    with pytest.raises(BtsclipError, match="Excel workbook"):
        read_comments(tmp_path / "c.xlsx")
    (tmp_path / "c.csv").write_text("\nsep=|\nlikes|comment\n3|how, when; why\n", "utf-16-le")
    assert read_comments(tmp_path / "c.csv") == [ViewerComment("how, when; why", "", 3)]


@pytest.mark.parametrize(
    ("written", "number"),
    [("12", 12), ("1,204", 1204), ("1.204", 1204), ("1 204", 1204), ("1.2K", 1200),
     ("3,4M", 3400000), ("7k", 7000), ("12.0", 12), ("1,000", 1000), ("10.000", 10000), ("", 0),
     ("many", 0), ("-3", 0)],
)  # fmt: skip
def test_likes_are_counted_as_written(written: str, number: int) -> None:
    assert _count(written) == number


def test_similar_questions_are_one_and_frequent_ones_come_first() -> None:
    comments = [
        ViewerComment("How do you chop so fast??", "ana", 3),
        ViewerComment("how do u cut so fast 😭", "ben", 9),
        ViewerComment("HOW DO YOU CHOP SO FAST", "cat"),
        ViewerComment("wie schneidest du so schnell", "dan", 1),
        ViewerComment("what temperature is the oven?", "eve", 40),
        ViewerComment("oven temp?", "fay", 2),
        ViewerComment("did you drop it", "gil", 99),
        ViewerComment("love this!!", "hal", 500),
        ViewerComment("🔥🔥🔥", "ida"),
    ]
    grouped, silent = questions(comments)
    assert silent == 2
    assert [len(question.comments) for question in grouped][:2] == [3, 2]
    assert grouped[0].first.author == "ben" and grouped[0].likes == 12
    assert {comment.author for comment in grouped[1].comments} == {"eve", "fay"}
    assert grouped[2].first.author == "gil"
    assert questions([]) == ([], 0)


@given(
    st.lists(
        st.builds(ViewerComment, st.text(max_size=60), st.just(""), st.integers(0, 99)), max_size=12
    )
)
def test_no_comment_is_lost(comments: list[ViewerComment]) -> None:
    grouped, silent = questions(comments)
    assert sum(len(question.comments) for question in grouped) + silent == len(comments)
    assert all(q.first.likes == max(c.likes for c in q.comments) for q in grouped)


def test_thousands_of_comments_take_seconds() -> None:
    words = ["oven", "pan", "flour", "salt", "sugar", "yeast", "bread", "stove", "spoon", "apron"]
    many = [
        ViewerComment(f"{words[i % 10]}, {words[i // 10 % 10]}, {words[i // 100 % 10]}?", "", i)
        for i in range(4000)
    ]
    began = time.perf_counter()
    grouped, _ = questions(many)
    # One question for each word and each pair; three words count as a pair.
    assert len(grouped) == 55 and time.perf_counter() - began < 20
