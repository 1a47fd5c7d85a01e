"""Viewers' comments from the tables that platforms and tools export, alike ones together."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from btsclip.captions.lines import clean_line
from btsclip.errors import BtsclipError
from btsclip.media.numbers import number
from btsclip.media.tables import Row, read_exported, read_rows
from btsclip.notes.concepts import Term, covered_share, fold
from btsclip.reply.match import comment_terms

# What the columns are called, folded and without signs: the first that is there counts.
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
# Comments are one question when they share this much of their words: two may differ by one more
# word, three by none that stands for another.
ALIKE = 0.78


@dataclass(frozen=True)
class ViewerComment:
    """One comment as it was written."""

    text: str
    author: str = ""
    likes: int = 0


@dataclass(frozen=True)
class ViewerQuestion:
    """What several viewers ask, in the words of the one that most others liked."""

    comments: tuple[ViewerComment, ...]

    @property
    def first(self) -> ViewerComment:
        """The comment that stands for all."""
        return self.comments[0]

    @property
    def likes(self) -> int:
        """Likes of all together."""
        return sum(each.likes for each in self.comments)


def read_comments(path: Path) -> list[ViewerComment]:
    """The comments in a table at `path`, with `,`, `;`, `|` or tabs between its columns.

    Raises BtsclipError when it can't be read or no column holds comments.
    """
    exported = read_exported(path, BtsclipError)
    rows = [cells for _, cells in read_rows(path, exported, BtsclipError, score=_count_columns)]
    head = [re.sub(r"\W|_", "", fold(cell)) for cell in rows[0]] if rows else []
    text, author, likes = (_column(head, names) for names in (TEXT, AUTHOR, LIKES))
    if text is None:
        seen = ", ".join(repr(cell.strip()) for cell in rows[0][:8]) if rows else "nothing"
        raise BtsclipError(
            path, f"has no column of comments; its first line holds {seen}",
            "call the column `comment`, and others `author` and `likes`",
        )  # fmt: skip
    found = []
    for row in rows[1:]:
        written = _plain(_cell(row, text))
        if written:
            found.append(
                ViewerComment(written, _plain(_cell(row, author)), _number(_cell(row, likes)))
            )
    if not found:
        raise BtsclipError(path, "holds no comment", "export it again")
    return found


def questions(comments: Sequence[ViewerComment]) -> tuple[list[ViewerQuestion], int]:
    """The questions in `comments`, alike ones as one, those that most ask and like first; and how
    many comments ask nothing."""
    groups: list[tuple[tuple[Term, ...], list[ViewerComment]]] = []
    # Groups by the words they hold: only those that share one can be alike.
    holding: dict[str, list[int]] = {}
    places: dict[tuple[Term, ...], int] = {}
    silent = 0
    for comment in sorted(comments, key=lambda each: -each.likes):
        words = comment_terms(comment.text)
        if not words:
            silent += 1
            continue
        if words not in places:
            near = {i for word in words for key in _keys(word) for i in holding.get(key, ())}
            best = max(near, key=lambda i: (_likeness(words, groups[i][0]), -i), default=None)
            if best is None or _likeness(words, groups[best][0]) < ALIKE:
                best = len(groups)
                groups.append((words, []))
                for key in {key for word in words for key in _keys(word)}:
                    holding.setdefault(key, []).append(best)
            places[words] = best
        groups[places[words]][1].append(comment)
    found = [ViewerQuestion(tuple(group)) for _, group in groups]
    return sorted(found, key=lambda each: (-len(each.comments), -each.likes)), silent


def _keys(word: Term) -> frozenset[str]:
    return word.keys | word.concepts


def _likeness(one: Sequence[Term], other: Sequence[Term]) -> float:
    """The share of both comments' words that the other one has, too."""
    both = covered_share(one, other) * len(one) + covered_share(other, one) * len(other)
    return both / (len(one) + len(other))


def _count_columns(rows: Sequence[Row]) -> int:
    return len(rows[0][1]) if rows else 0


def _column(head: Sequence[str], names: Sequence[str]) -> int | None:
    return next((head.index(name) for name in names if name in head), None)


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _plain(text: str) -> str:
    """A cell without the mark-up that some exports leave in it."""
    return clean_line(
        html.unescape(re.sub(r"<br\s*/?>|</?[abi](?:\s[^>]*)?>", " ", text, flags=re.I))
    )


def _number(text: str) -> int:
    """A count as platforms write it, such as 1,234 or 1.2K; 0 for anything else."""
    return max(0, round(number(text, whole=True) or 0))
