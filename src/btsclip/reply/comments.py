"""Read viewers' comments from exported tables, and group those that ask the same."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.captions import clean_line
from btsclip.errors import BtsclipError
from btsclip.media import Row, number, read_exported, read_rows
from btsclip.notes import Term, covered_share, fold
from btsclip.reply.match import comment_terms

# Names of the columns, folded and without signs. The first name that a table has counts.
TEXT = (
    "comment", "commenttext", "text", "textoriginal", "textdisplay", "content", "message", "body",
    "commentbody", "commentcontent", "kommentar", "kommentartext", "comentario", "texto",
    "commentaire", "texte",
)  # fmt: skip
AUTHOR = (
    "author", "authordisplayname", "authorname", "user", "username", "name", "nickname", "handle",
    "uniqueid", "commenter", "commentauthor", "displayname", "profilename", "autor", "benutzer",
    "usuario", "auteur",
)  # fmt: skip
LIKES = (
    "likes", "like", "likecount", "likescount", "commentlikes", "diggcount", "votes", "hearts",
    "gefaelltmir", "megusta", "jaime",
)  # fmt: skip
# Comments that share this much of their words are one question: two words with one added are (0.8),
# three words with one replaced are not (0.67).
MIN_LIKENESS = 0.78


@dataclass(frozen=True)
class ViewerComment:
    """A comment in the viewer's words."""

    text: str
    author: str = ""
    likes: int = 0


@dataclass(frozen=True)
class ViewerQuestion:
    """Comments that ask the same, the one with most likes first."""

    comments: tuple[ViewerComment, ...]

    @property
    def first(self) -> ViewerComment:
        """The comment with most likes, which represents all."""
        return self.comments[0]

    @property
    def likes(self) -> int:
        """The likes of all comments."""
        return sum(comment.likes for comment in self.comments)


def read_comments(path: Path) -> list[ViewerComment]:
    """The comments in the table at `path`, with `,`, `;`, `|` or tabs between its columns.

    Raises BtsclipError if it can't be read or has no comments.
    """
    exported = read_exported(path, BtsclipError)
    rows = [cells for _, cells in read_rows(path, exported, BtsclipError, score=_count_columns)]
    head = [re.sub(r"\W|_", "", fold(cell)) for cell in rows[0]] if rows else []
    text, author, likes = (_column(head, names) for names in (TEXT, AUTHOR, LIKES))
    if text is None:
        columns = ", ".join(repr(cell.strip()) for cell in rows[0][:8]) if rows else "nothing"
        raise BtsclipError(
            path, f"has no column of comments; its first line holds {columns}",
            "call the column `comment`, and others `author` and `likes`",
        )  # fmt: skip
    comments = [
        ViewerComment(words, _strip_markup(_cell(row, author)), _count(_cell(row, likes)))
        for row in rows[1:]
        if (words := _strip_markup(_cell(row, text)))
    ]
    if not comments:
        raise BtsclipError(path, "holds no comment", "export it again")
    return comments


def questions(comments: Sequence[ViewerComment]) -> tuple[list[ViewerQuestion], int]:
    """The questions in `comments`, and the number of comments that ask nothing.

    Similar comments are one question. Questions with most comments come first, then those with most
    likes.
    """
    groups: list[tuple[tuple[Term, ...], list[ViewerComment]]] = []
    # Indices of groups by the words in them: only groups that share a word can be alike.
    groups_with: dict[str, list[int]] = {}
    group_of: dict[tuple[Term, ...], int] = {}
    without_question = 0
    for comment in sorted(comments, key=lambda comment: -comment.likes):
        words = comment_terms(comment.text)
        if not words:
            without_question += 1
            continue
        if words not in group_of:
            keys = {key for word in words for key in word.keys | word.concepts}
            near = {i for key in keys for i in groups_with.get(key, ())}
            best = max(near, key=lambda i: (_likeness(words, groups[i][0]), -i), default=None)
            if best is None or _likeness(words, groups[best][0]) < MIN_LIKENESS:
                best = len(groups)
                groups.append((words, []))
                for key in keys:
                    groups_with.setdefault(key, []).append(best)
            group_of[words] = best
        groups[group_of[words]][1].append(comment)
    grouped = [ViewerQuestion(tuple(group)) for _, group in groups]
    grouped.sort(key=lambda question: (-len(question.comments), -question.likes))
    return grouped, without_question


def _likeness(a: Sequence[Term], b: Sequence[Term]) -> float:
    """The share of the words of two comments that both have, 0..1."""
    shared = covered_share(a, b) * len(a) + covered_share(b, a) * len(b)
    return shared / (len(a) + len(b))


def _count_columns(rows: Sequence[Row]) -> int:
    return len(rows[0][1]) if rows else 0


def _column(head: Sequence[str], names: Sequence[str]) -> int | None:
    return next((head.index(name) for name in names if name in head), None)


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _strip_markup(text: str) -> str:
    """A cell without the HTML that some exports leave in it."""
    return clean_line(
        html.unescape(re.sub(r"<br\s*/?>|</?[abi](?:\s[^>]*)?>", " ", text, flags=re.I))
    )


def _count(text: str) -> int:
    """A count as platforms write it, such as 1,234 or 1.2K; 0 for anything else."""
    return max(0, round(number(text, whole=True) or 0))
