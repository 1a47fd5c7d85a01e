"""Made posts as the exports that platforms would give of them, and sidecars of their clips."""

from __future__ import annotations

import csv
import json
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from btsclip.measure.match import PostMatch
from btsclip.measure.post import MadeClip, Post

YOUTUBE, INSTAGRAM, TIKTOK = csv.reader(
    (
        "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,"
        "Impressions,Impressions click-through rate (%),Average view duration,"
        "Average percentage viewed (%),Stayed to watch (%),Likes,Shares,Comments added",
        "Post ID,Account ID,Account username,Account name,Description,Duration (sec),"
        "Publish time,Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,"
        "Comments,Saves",
        "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views,"
        "Total play time,Average watch time,Watched full video,Add to favorites",
    )
)


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def exports(folder: Path, joined: Sequence[PostMatch]) -> list[Path]:
    """The three exports of the posts in `joined`."""
    by_platform = {name: [] for name in ("youtube", "instagram", "tiktok")}
    for each in joined:
        by_platform[each.post.platform].append(each.post)
    total = ["Total", "", "", "", sum(post.views for post in by_platform["youtube"])]
    return [
        write(folder / "Table data.csv", YOUTUBE,
              [total, *map(_youtube, by_platform["youtube"])]),
        write(folder / "reels.csv", INSTAGRAM, map(_instagram, by_platform["instagram"])),
        write(folder / "tiktok.csv", TIKTOK, map(_tiktok, by_platform["tiktok"])),
    ]  # fmt: skip


def _youtube(post: Post) -> list[object]:
    assert post.published and post.seconds and post.watched
    length = post.watched * post.seconds
    return [
        post.id, post.title, f"{post.published:%b} {post.published.day}, {post.published.year}",
        round(post.seconds), post.views, round(post.views * length / 3600, 4),
        post.counts["follows"], post.views * 3, 4.2, f"0:00:{length:02.0f}",
        round(100 * post.watched, 2), 71.5, post.counts["likes"], post.counts["shares"],
        post.counts["comments"],
    ]  # fmt: skip


def _instagram(post: Post) -> list[object]:
    assert post.published and post.seconds
    return [
        post.id, "1784", "ourkitchen", "Our Kitchen", f"{post.title}\n#bread", round(post.seconds),
        f"{post.published:%m/%d/%Y %H:%M}", f"https://instagram.example/reel/{post.id}/", "IG reel",
        "", "Lifetime", post.views, post.views - 1, post.counts["likes"], post.counts["shares"],
        post.counts["follows"], post.counts["comments"], post.counts["saves"],
    ]  # fmt: skip


def _tiktok(post: Post) -> list[object]:
    assert post.published and post.watch_seconds
    link = f"https://tiktok.example/@ourkitchen/video/73{zlib.crc32(post.id.encode()):015d}"
    return [
        post.title, link, f"{post.published:%Y-%m-%d %H:%M:%S}", post.counts["likes"],
        post.counts["comments"], post.counts["shares"], post.views,
        f"{post.views * post.watch_seconds:.0f}s", f"{post.watch_seconds:.2f}s", "31.2%",
        post.counts["saves"],
    ]  # fmt: skip


def sidecar(folder: Path, clip: MadeClip) -> Path:
    """The sidecar of `clip`, as rendering writes it."""
    hook = [{"text": clip.hook, "start": 0, "end": 2, "role": "hook"}] if clip.hook else []
    values = {
        "version": 1, "generator": "btsclip", "clip": f"{clip.id}.mp4", "cover": f"{clip.id}.jpg",
        "source": {"path": "take.mp4", "size": 1000, "duration": 90.0,
                   "created": clip.created.isoformat() if clip.created else None},
        "start": 1.0, "end": 1.0 + clip.seconds, "kind": clip.kind, "action": None, "score": 0.8,
        "why": "hands at work", "title": clip.title, "evidence": {}, "layout": "fit-blur",
        "framing": "frame", "crop": [], "below": [], "speeds": [], "then": [], "lanes": [],
        "comment": None, "end_card": None, "captions": hook, "preset": clip.preset,
        "output": {"width": 1080, "height": 1920, "fps": 30, "duration": clip.seconds,
                   "loudness": -14.0, "true_peak": -1.5, "gain": 0.0, "sound": "",
                   "encoder": "libx264"},
    }  # fmt: skip
    path = folder / f"{clip.id}.json"
    path.write_text(json.dumps(values), "utf-8")
    return path
