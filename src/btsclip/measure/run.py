"""Run `measure`: read exports, match posts to clips and compare them."""

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
from btsclip.measure.exports import PostExport, read_export
from btsclip.measure.history import History
from btsclip.measure.match import PostMatch, match_posts, read_map
from btsclip.measure.post import MadeClip
from btsclip.measure.result import (
    ComparisonJson,
    ExportJson,
    MeasureJson,
    NotComparedJson,
    PostJson,
)
from btsclip.measure.sentences import conclusions, describe_clips, sentence
from btsclip.settings import Settings


@dataclass(frozen=True)
class MeasureResult:
    """The exports, all posts of the history with their clips, and their comparison. `days` is the
    number of days with figures, by platform and id of a post."""

    exports: tuple[PostExport, ...]
    matches: tuple[PostMatch, ...]
    comparison: Comparison
    history: Path
    days: dict[tuple[str, str], int]

    @property
    def presets(self) -> Counter[str]:
        """The number of posted clips with each preset."""
        presets = {match.clip.key: match.clip.preset for match in self.matches if match.clip}
        return Counter(presets.values())


def measure_returns(
    paths: Sequence[Path],
    clips: Path | None = None,
    map_file: Path | None = None,
    history: Path | None = None,
    day: date | None = None,
) -> MeasureResult:
    """Read exports, add them to the history and compare all posts in it.

    Args:
        paths: The exports.
        clips: Folder with the sidecars of clips. Clips of earlier runs are known, too.
        map_file: CSV of posts and their clips; see `read_map`.
        history: File of all figures. Default: in the user's data folder.
        day: Day of the exports. Default: the date of each file.

    Raises MeasureError for a file with a mistake, and then stores nothing. Raises ToolError without
    SciPy.
    """
    require("scipy", "measure", "measure")
    exports = [read_export(path, day) for path in dict.fromkeys(paths)]
    current = find_clips(clips) if clips else []
    store = History(history or Settings.from_env().history_file)
    known = _merge_clips(current, store.clips() if store.path.exists() else [])
    mapping = read_map(map_file, known) if map_file else {}
    if not known:
        raise MeasureError(
            clips or "measure", "no clips found: there are no sidecars",
            "give --clips the folder with your clips and their .json files",
        )  # fmt: skip
    store.add((post for export in exports for post in export.posts), current)
    matches = match_posts(store.newest(), known, mapping)
    return MeasureResult(
        tuple(exports), tuple(matches), compare(matches), store.path, store.snapshots()
    )


def _merge_clips(current: Sequence[MadeClip], earlier: Sequence[MadeClip]) -> list[MadeClip]:
    """The current clips, and the earlier clips of other cuts: a cut that was made again with
    another preset counts as it is now."""
    cuts = {clip.key.partition("/")[0] for clip in current}
    return [*current, *(clip for clip in earlier if clip.key.partition("/")[0] not in cuts)]


def result_json(result: MeasureResult) -> dict[str, Any]:
    """The result as JSON values, version 1."""
    comparison = result.comparison
    return MeasureJson(
        history=str(result.history),
        exports=[
            ExportJson(
                path=str(export.path), platform=export.platform, posts=len(export.posts),
                unknown_columns=list(export.unknown), left_out=list(export.left_out),
                untimed=list(export.untimed),
            )
            for export in result.exports
        ],
        posts=[
            PostJson(
                **match.post.model_dump(mode="json"),
                clip=match.clip.id if match.clip else None,
                joined_by=match.how if match.clip else None,
                not_joined=None if match.clip else match.how,
                between=list(match.between),
                days=result.days.get((match.post.platform, match.post.id), 1),
            )
            for match in result.matches
        ],
        conclusions=conclusions(comparison),
        comparisons=[
            ComparisonJson(
                trait=f.question.trait, level=f.question.name, clips_are=describe_clips(f.question),
                returned=f.metric, clips=f.clips, other_clips=f.other_clips, posts=f.posts,
                ratio=f.ratio, low=f.low, high=f.high, shrunk=f.shrunk,
                p=f.p, adjusted_p=f.adjusted, sure=f.sure, sentence=sentence(f),
            )
            for f in comparison.findings
        ],
        not_compared=[
            NotComparedJson(
                trait=r.question.trait, level=r.question.name, returned=r.metric,
                clips=r.clips, why=r.why,
            )
            for r in comparison.unanswered
        ],
    ).values()  # fmt: skip
