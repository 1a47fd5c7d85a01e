"""`measure`: exports in, what they say of the clips out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from btsclip.errors import MeasureError
from btsclip.extras import require
from btsclip.measure.clips import find_clips
from btsclip.measure.compare import Comparison, compare
from btsclip.measure.history import History
from btsclip.measure.join import PostMatch, match_posts, read_map
from btsclip.measure.post import MadeClip
from btsclip.measure.read import PostExport, read_export
from btsclip.measure.result import (
    ComparisonJson,
    ExportJson,
    MeasureJson,
    NotComparedJson,
    PostJson,
)
from btsclip.measure.tell import conclusions, describe_clips, sentence
from btsclip.settings import Settings


@dataclass(frozen=True)
class MeasureResult:
    """The exports that were read, all posts of the history with their clips, and what follows.
    `days` says on how many days each post was told of, by platform and id."""

    exports: tuple[PostExport, ...]
    joined: tuple[PostMatch, ...]
    found: Comparison
    history: Path
    days: dict[tuple[str, str], int]

    @property
    def presets(self) -> Counter[str]:
        """How many clips that were posted have each preset."""
        clips = {each.clip.key: each.clip.preset for each in self.joined if each.clip}
        return Counter(clips.values())


def measure_returns(
    paths: Sequence[Path],
    clips: Path | None = None,
    told: Path | None = None,
    history: Path | None = None,
    day: date | None = None,
) -> MeasureResult:
    """Reads the exports at `paths`, keeps them in the history and compares all that is in it.

    Clips are those whose sidecars lie in `clips` and those known from before; `told` is a map file.
    `day` is when the exports were made, else when their files were written. Nothing is kept when
    any of the files has a mistake. Raises MeasureError for such, ToolError without SciPy.
    """
    require("scipy", "measure", "measure")
    exports = [read_export(path, day) for path in dict.fromkeys(paths)]
    here = find_clips(clips) if clips else []
    kept = History(history or Settings.from_env().history_file)
    known = _known(here, kept.clips() if kept.path.exists() else [])
    named = read_map(told, known) if told else {}
    if not known:
        raise MeasureError(
            clips or "measure", "no clip is known: there are no sidecars",
            "name the folder with your clips and the .json beside them with --clips",
        )  # fmt: skip
    kept.add((post for export in exports for post in export.posts), here)
    joined = match_posts(kept.newest(), known, named)
    return MeasureResult(
        tuple(exports), tuple(joined), compare(joined), kept.path, kept.snapshots()
    )


def _known(here: Sequence[MadeClip], before: Sequence[MadeClip]) -> list[MadeClip]:
    """The clips found now, and those of before that are not among them: a cut that was made again
    in another look counts as it is now."""
    cuts = {clip.key.partition("/")[0] for clip in here}
    return [*here, *(clip for clip in before if clip.key.partition("/")[0] not in cuts)]


def measured_json(measured: MeasureResult) -> dict[str, Any]:
    """The result as JSON values, version 1."""
    found = measured.found
    return MeasureJson(
        history=str(measured.history),
        exports=[
            ExportJson(
                path=str(export.path), platform=export.platform, posts=len(export.posts),
                unknown_columns=list(export.unknown), left_out=list(export.left_out),
                untimed=list(export.untimed),
            )
            for export in measured.exports
        ],
        posts=[
            PostJson(
                **each.post.model_dump(mode="json"),
                clip=each.clip.id if each.clip else None,
                joined_by=each.how if each.clip else None,
                not_joined=None if each.clip else each.how,
                between=list(each.between),
                days=measured.days.get((each.post.platform, each.post.id), 1),
            )
            for each in measured.joined
        ],
        conclusions=conclusions(found),
        comparisons=[
            ComparisonJson(
                trait=f.question.trait, level=f.question.name, clips_are=describe_clips(f.question),
                returned=f.what, clips=f.clips, other_clips=f.others, posts=f.posts,
                ratio=f.ratio, low=f.low, high=f.high, shrunk=f.shrunk,
                p=f.p, adjusted_p=f.adjusted, sure=f.sure, sentence=sentence(f),
            )
            for f in found.findings
        ],
        not_compared=[
            NotComparedJson(
                trait=r.question.trait, level=r.question.name, returned=r.what,
                clips=r.clips, why=r.why,
            )
            for r in found.refusals
        ],
    ).values()  # fmt: skip
