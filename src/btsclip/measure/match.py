"""Match posts to the clips they show. Unclear matches are reported, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from btsclip.errors import MeasureError
from btsclip.measure.exports import read_table
from btsclip.measure.post import MadeClip, Post
from btsclip.media import plain
from btsclip.plan import codes_in
from btsclip.wording import listed

# Seconds that lengths of a post and its clip may differ: platforms round, and some count one more
# picture.
MAX_LENGTH_DIFFERENCE = 1.0
# Time from filming to posting. The upper bound counts only where nothing but length and time match.
MIN_POSTING_DELAY = timedelta(days=-1)
MAX_POSTING_DELAY = timedelta(days=60)
# Letters of a title that can identify a clip.
MIN_TITLE_LETTERS = 6
# Names of the clip column in the first line of a map file.
CLIP_HEADERS = frozenset(
    {"clip", "clips", "file", "video", "datei", "archivo", "fichier", "arquivo"}
)


@dataclass(frozen=True)
class PostMatch:
    """A post, its clip and the way it was matched; without a clip, `how` is the reason and
    `between` the ids of the possible clips."""

    post: Post
    clip: MadeClip | None
    how: str
    between: tuple[str, ...] = ()


def read_map(path: Path, clips: Sequence[MadeClip]) -> dict[str, MadeClip]:
    """Read a map file, a CSV of two columns: a post's id, link or title, and the id, file name or
    code of its clip.

    Raises MeasureError for a line without a clip or with an unknown one.
    """
    names = _clips_by_name(clips)
    mapping: dict[str, MadeClip] = {}
    for index, (number, row) in enumerate(read_table(path)):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or cells[0].startswith("#"):
            continue
        subject = f"{path}:{number}"
        if len(cells) != 2:
            raise MeasureError(subject, "does not have two columns", "write a post, then its clip")
        matching = names.get(Path(cells[1]).name.removesuffix(".mp4").casefold(), [])
        if not matching and index == 0 and cells[1].casefold() in CLIP_HEADERS:
            continue
        if len(matching) > 1:
            several = listed((f"{clip.id} in {clip.preset}" for clip in matching), "or")
            cure = "remove the line, or give --clips only the folder of the right clip"
            raise MeasureError(subject, f"{cells[1]!r} may be {several}", cure)
        if not matching:
            cure = "write the clip's file name or code, and give its folder with --clips"
            raise MeasureError(subject, f"there is no clip {cells[1]!r}", cure)
        mapping[plain(cells[0])] = matching[0]
    return mapping


def _clips_by_name(clips: Sequence[MadeClip]) -> dict[str, list[MadeClip]]:
    """The clips by id and by code."""
    by_name: dict[str, list[MadeClip]] = {}
    for clip in clips:
        for name in {clip.id.casefold(), clip.code} - {""}:
            by_name.setdefault(name, []).append(clip)
    return by_name


def match_posts(
    posts: Sequence[Post], clips: Sequence[MadeClip], mapping: Mapping[str, MadeClip]
) -> list[PostMatch]:
    """Match each of `posts` to its clip: by the map file, then by code, by title, and by length and
    time."""
    rules = (_map_rule(mapping), _code_rule(clips), _title_rule(clips))
    matches = [_match_first(post, rules) for post in posts]
    taken = {(match.post.platform, match.clip.key) for match in matches if match.clip}
    # Lengths say little, so only clips without a known post on the platform are possible.
    for index, match in enumerate(matches):
        if match.clip is None and not match.between:
            left = [clip for clip in clips if (match.post.platform, clip.key) not in taken]
            matches[index] = _match_by_length(match.post, left)
    return _drop_double_matches(matches)


Rule = Callable[[Post], PostMatch | None]


def _match_first(post: Post, rules: Sequence[Rule]) -> PostMatch:
    for rule in rules:
        if match := rule(post):
            return match
    return PostMatch(post, None, "no clip has its code or title")


def _map_rule(mapping: Mapping[str, MadeClip]) -> Rule:
    def rule(post: Post) -> PostMatch | None:
        for name in (post.id, post.link, post.title, post.name):
            if name and (clip := mapping.get(plain(name))):
                return PostMatch(post, clip, "map file")
        return None

    return rule


def _code_rule(clips: Sequence[MadeClip]) -> Rule:
    by_code: dict[str, list[MadeClip]] = {}
    for clip in clips:
        by_code.setdefault(clip.code, []).append(clip)

    def rule(post: Post) -> PostMatch | None:
        codes = {code for code in codes_in(post.title) if code in by_code}
        if not codes:
            return None
        possible = [clip for code in codes for clip in by_code[code]]
        if len(possible) > 1 and len(codes) == 1:
            # The same cut in several looks: the title or the length may single one out.
            titled = [clip for clip in possible if title_words(clip.title) in _titles(post)]
            possible = titled if len(titled) == 1 else possible
            of_length = [clip for clip in possible if _same_length(post, clip)]
            possible = of_length if len(of_length) == 1 else possible
        if len(possible) == 1:
            return PostMatch(post, possible[0], "code")
        why = "its title has several codes" if len(codes) > 1 else "several clips have its code"
        return PostMatch(post, None, why, tuple(clip.id for clip in possible))

    return rule


def title_words(text: str) -> str:
    """The words of a title in lower case, without accents, marks, tags, emoji and codes.

    >>> title_words("Ça, c'est du #pain!")
    'ca c est du'
    """
    untagged = re.sub(r"#\w+", " ", plain(text))
    codes = set(codes_in(untagged))
    return " ".join(word for word in re.split(r"[\W_]+", untagged) if word and word not in codes)


def _titles(post: Post) -> set[str]:
    """The possible titles of a post: its text, each line, and each line up to its first tag."""
    lines = post.title.splitlines()
    texts = (post.title, *lines, *(line.split("#")[0] for line in lines))
    return {title_words(text) for text in texts}


def _title_rule(clips: Sequence[MadeClip]) -> Rule:
    by_title: dict[str, dict[str, MadeClip]] = {}
    for clip in clips:
        for name in {title_words(clip.title), title_words(clip.hook), title_words(clip.id)}:
            if len(name) >= MIN_TITLE_LETTERS:
                by_title.setdefault(name, {})[clip.key] = clip

    def rule(post: Post) -> PostMatch | None:
        titled = {k: c for name in _titles(post) for k, c in by_title.get(name, {}).items()}
        possible = [clip for clip in titled.values() if _may_show(post, clip)]
        if len(possible) == 1:
            return PostMatch(post, possible[0], "title")
        of_length = [clip for clip in possible if _same_length(post, clip)]
        if len(of_length) == 1:
            return PostMatch(post, of_length[0], "title and length")
        if possible:
            ids = tuple(clip.id for clip in (of_length or possible))
            return PostMatch(post, None, "several clips have its title", ids)
        return None

    return rule


def _match_by_length(post: Post, clips: Sequence[MadeClip]) -> PostMatch:
    if post.seconds is None or post.published is None:
        return PostMatch(
            post, None, "no clip has its code or title, and its length or time is unknown"
        )
    possible = [
        clip
        for clip in clips
        if clip.created and _same_length(post, clip) and _may_show(post, clip, MAX_POSTING_DELAY)
    ]
    if len(possible) == 1:
        return PostMatch(post, possible[0], "length and time")
    if possible:
        ids = tuple(clip.id for clip in possible)
        return PostMatch(post, None, "several clips have its length and were filmed before it", ids)
    return PostMatch(post, None, "no clip has its code, its title, or its length and time")


def _same_length(post: Post, clip: MadeClip) -> bool:
    if post.seconds is None:
        return False
    return abs(post.seconds - clip.seconds) <= MAX_LENGTH_DIFFERENCE


def _may_show(post: Post, clip: MadeClip, max_delay: timedelta = timedelta.max) -> bool:
    """Whether the clip was filmed before the post, by at most `max_delay`, or times are unknown."""
    if post.published is None or clip.created is None:
        return True
    return MIN_POSTING_DELAY <= post.published - clip.created.replace(tzinfo=None) <= max_delay


def _drop_double_matches(matches: list[PostMatch]) -> list[PostMatch]:
    """Drop matches by length and time that give two posts of a platform the same clip."""
    uncertain = [
        (match.post.platform, match.clip.key)
        if match.clip and match.how == "length and time"
        else None
        for match in matches
    ]
    number = Counter(uncertain)
    why = "another post has the length and time of the same clip"
    return [
        PostMatch(match.post, None, why, (match.clip.id,))
        if key and match.clip and number[key] > 1
        else match
        for match, key in zip(matches, uncertain, strict=True)
    ]
