"""Posts to the clips they show. What can't be told for sure is shown, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from btsclip.errors import MeasureError
from btsclip.measure.post import MadeClip, Post
from btsclip.measure.read import read_table
from btsclip.media.numbers import plain
from btsclip.plan.code import codes_in

# Platforms round lengths, and count a last picture or don't.
SAME_LENGTH = 1.0
# A clip is posted after it was filmed and, where nothing else tells, within so many days.
EARLIEST, LATEST = timedelta(days=-1), timedelta(days=60)
# Letters of a title below which it is not told by that alone.
LEAST_TITLE = 6


# How the column of clips may be called in a map file's first line.
HEADS = frozenset({"clip", "clips", "file", "video", "datei", "archivo", "fichier", "arquivo"})


@dataclass(frozen=True)
class PostMatch:
    """A post, the clip it shows and how that is known; or why it isn't, and the ids of the clips
    between which it could not be told."""

    post: Post
    clip: MadeClip | None
    how: str
    between: tuple[str, ...] = ()


def read_map(path: Path, clips: Sequence[MadeClip]) -> dict[str, MadeClip]:
    """What a CSV of two columns says: a post's id, link or title, and the clip it shows (its id,
    file name or code). Raises MeasureError for a line that names no clip or one that is not known.
    """
    names = _names(clips)
    found: dict[str, MadeClip] = {}
    for place, (number, row) in enumerate(read_table(path)):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or cells[0].startswith("#"):
            continue
        subject = f"{path}:{number}"
        if len(cells) != 2:
            raise MeasureError(subject, "is not two columns", "write a post, then its clip")
        meant = names.get(Path(cells[1]).name.removesuffix(".mp4").casefold(), [])
        if not meant and place == 0 and cells[1].casefold() in HEADS:
            continue  # the columns' names
        if len(meant) > 1:
            several = ", ".join(f"{clip.id} in {clip.preset}" for clip in meant)
            cure = "leave the line out, or name with --clips only the folder of the one"
            raise MeasureError(subject, f"{cells[1]!r} may be any of {several}", cure)
        if not meant:
            cure = "name one by its file or its code, and its folder with --clips"
            raise MeasureError(subject, f"there is no clip {cells[1]!r}", cure)
        found[plain(cells[0])] = meant[0]
    return found


def _names(clips: Sequence[MadeClip]) -> dict[str, list[MadeClip]]:
    """The clips by their ids and by their codes."""
    named: dict[str, list[MadeClip]] = {}
    for clip in clips:
        for name in {clip.id.casefold(), clip.code} - {""}:
            named.setdefault(name, []).append(clip)
    return named


def match_posts(
    posts: Sequence[Post], clips: Sequence[MadeClip], told: Mapping[str, MadeClip]
) -> list[PostMatch]:
    """Each of `posts` with its clip, by what is surest: what the user `told` by map file, the code,
    the title, then length and time."""
    ways = (_by_map(told), _by_code(clips), _by_title(clips))
    joined = [_first(post, ways) for post in posts]
    taken = {(each.post.platform, each.clip.key) for each in joined if each.clip}
    # Lengths say little, so only clips that no post of the platform is known to show may be meant.
    found = []
    for each in joined:
        if each.clip is None and not each.between:
            left = [c for c in clips if (each.post.platform, c.key) not in taken]
            each = _by_length(each.post, left)
        found.append(each)
    return _not_twice(found)


Way = Callable[[Post], PostMatch | None]


def _first(post: Post, ways: Sequence[Way]) -> PostMatch:
    for way in ways:
        if found := way(post):
            return found
    return PostMatch(post, None, "no clip is known by its code, title, length or time")


def _by_map(told: Mapping[str, MadeClip]) -> Way:
    def way(post: Post) -> PostMatch | None:
        for name in (post.id, post.link, post.title, post.name):
            if name and (clip := told.get(plain(name))):
                return PostMatch(post, clip, "map file")
        return None

    return way


def _by_code(clips: Sequence[MadeClip]) -> Way:
    by_code: dict[str, list[MadeClip]] = {}
    for clip in clips:
        by_code.setdefault(clip.code, []).append(clip)

    def way(post: Post) -> PostMatch | None:
        codes = {code for code in codes_in(post.title) if code in by_code}
        if not codes:
            return None
        found = [clip for code in codes for clip in by_code[code]]
        if len(found) > 1 and len(codes) == 1:
            # The same cut in several looks: the title or the length may tell which.
            titled = [clip for clip in found if words(clip.title) in _titles(post)]
            found = titled if len(titled) == 1 else found
            long = [clip for clip in found if _same_length(post, clip)]
            found = long if len(long) == 1 else found
        if len(found) == 1:
            return PostMatch(post, found[0], "code")
        why = "its title holds several codes" if len(codes) > 1 else "there are several of its cut"
        return PostMatch(post, None, why, tuple(clip.id for clip in found))

    return way


def words(text: str) -> str:
    """The words of a title, without marks, tags, emoji and codes."""
    kept = re.sub(r"#\w+", " ", plain(text))
    codes = set(codes_in(kept))
    return " ".join(word for word in re.split(r"[\W_]+", kept) if word and word not in codes)


def _titles(post: Post) -> set[str]:
    """What a post may be called: all of its text, a line of it, or that before its tags."""
    lines = post.title.splitlines()
    texts = (post.title, *lines, *(line.split("#")[0] for line in lines))
    return {words(text) for text in texts}


def _by_title(clips: Sequence[MadeClip]) -> Way:
    by_title: dict[str, dict[str, MadeClip]] = {}
    for clip in clips:
        for name in {words(clip.title), words(clip.hook), words(clip.id)}:
            if len(name) >= LEAST_TITLE:
                by_title.setdefault(name, {})[clip.key] = clip

    def way(post: Post) -> PostMatch | None:
        named = {k: c for name in _titles(post) for k, c in by_title.get(name, {}).items()}
        same = [clip for clip in named.values() if _may_show(post, clip)]
        if len(same) == 1:
            return PostMatch(post, same[0], "title")
        narrowed = [clip for clip in same if _same_length(post, clip)]
        if len(narrowed) == 1:
            return PostMatch(post, narrowed[0], "title and length")
        if same:
            ids = tuple(clip.id for clip in (narrowed or same))
            return PostMatch(post, None, "several clips have its title", ids)
        return None

    return way


def _by_length(post: Post, clips: Sequence[MadeClip]) -> PostMatch:
    if post.seconds is None or post.published is None:
        return PostMatch(
            post, None, "no clip has its code or title, and its length or time is unknown"
        )
    near = [c for c in clips if c.created and _same_length(post, c) and _may_show(post, c, LATEST)]
    if len(near) == 1:
        return PostMatch(post, near[0], "length and time")
    if near:
        ids = tuple(clip.id for clip in near)
        return PostMatch(post, None, "several clips have its length and were filmed before it", ids)
    return PostMatch(post, None, "no clip has its code or title, or its length and time")


def _same_length(post: Post, clip: MadeClip) -> bool:
    return post.seconds is not None and abs(post.seconds - clip.seconds) <= SAME_LENGTH


def _may_show(post: Post, clip: MadeClip, within: timedelta = timedelta.max) -> bool:
    """Whether the clip's footage was there when the post was published."""
    if post.published is None or clip.created is None:
        return True
    return EARLIEST <= post.published - clip.created.replace(tzinfo=None) <= within


def _not_twice(joined: list[PostMatch]) -> list[PostMatch]:
    """Where two posts of a platform would be the same clip by length alone, neither is sure."""
    seen: dict[tuple[str, str], int] = {}
    for each in joined:
        if each.clip and each.how == "length and time":
            key = (each.post.platform, each.clip.key)
            seen[key] = seen.get(key, 0) + 1
    return [
        PostMatch(each.post, None, "another post has that length and time, too", (each.clip.id,))
        if each.clip
        and each.how == "length and time"
        and seen[each.post.platform, each.clip.key] > 1
        else each
        for each in joined
    ]
