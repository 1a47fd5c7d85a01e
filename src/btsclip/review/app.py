"""The web application of the review page: the plan, edits of it, and its footage.

GET  /                                  the page
GET  /static/NAME                       a style or script
GET  /api/plan                          plan, tag, takes, clips, presets
POST /api/edits, POST /api/undo         change the plan, undo the last change
POST /api/render, GET /api/progress     render clips, progress of the rendering
GET  /media/takes/CLIP/SPAN/NAME        the take around a span
GET  /media/pictures/CLIP/SPAN/WHERE    a small picture of a span: first or middle
GET  /media/covers/CLIP/NUMBER          a picture to choose as the cover
GET  /media/clips/CLIP/SUFFIX           a rendered clip (mp4) or its cover (jpg)

Only files of the plan are served, by numbers and ids. A request never names a path, and links in
the folder of the clips are not followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from btsclip.errors import BtsclipError, PlanError
from btsclip.media import Footage, join_chapters, probe
from btsclip.plan import (
    Clip,
    CutPlan,
    Source,
    Span,
    cover_choices,
    pick_cover,
    shorten,
)
from btsclip.planning import load_look, renumber
from btsclip.presets import preset_names
from btsclip.render import draw_cover, files_of, with_tracks
from btsclip.review.answers import error_text, json_object, valid_text, with_json_errors
from btsclip.review.check import check_change
from btsclip.review.edits import Edit, apply_edits, read_edits
from btsclip.review.guard import Guard
from btsclip.review.jobs import Renderer
from btsclip.review.playback import is_playable, jpeg_at, playable_file
from btsclip.review.report import environment, zones
from btsclip.review.versions import PlanFile, StoredPlan

ASSETS = {
    "page.css": "text/css",
    "review.css": "text/css",
    **dict.fromkeys(
        (
            "api.js",
            "covers.js",
            "dom.js",
            "editor.js",
            "list.js",
            "main.js",
            "player.js",
            "texts.js",
            "trim.js",
        ),
        "text/javascript",
    ),
}
MEDIA_TYPES = {"mp4": "video/mp4", "jpg": "image/jpeg"}
# Positions of pictures, as shares of a span.
PICTURE_POSITIONS = {"first": 0.0, "middle": 0.5}
MEDIA_HEADERS = {"cache-control": "private, max-age=3600"}


class Review:
    """One plan under review."""

    def __init__(self, path: Path) -> None:
        self.file = PlanFile(path)
        self.renderer = Renderer(path)
        self._folder = path.parent

    def app(self, port: int, token: str) -> Guard:
        """The application for the page at `port`, opened with `token`."""
        routes = [
            Route("/", self.index),
            Route("/static/{name}", self.asset),
            Route("/api/plan", self.plan),
            Route("/api/edits", self.edits, methods=["POST"]),
            Route("/api/undo", self.undo, methods=["POST"]),
            Route("/api/render", self.render, methods=["POST"]),
            Route("/api/progress", self.progress),
            Route("/media/takes/{clip}/{span:int}/{name}", self.take),
            Route("/media/pictures/{clip}/{span:int}/{where}", self.picture),
            Route("/media/covers/{clip}/{number:int}", self.cover),
            Route("/media/clips/{clip}/{suffix}", self.rendered_clip),
        ]
        return Guard(Starlette(routes=routes), port, token)

    async def index(self, request: Request) -> Response:
        """The page, which then requests the plan."""
        template = environment().get_template("review.html")
        text = template.render(name=valid_text(self._folder.resolve().name), zones=zones())
        return Response(text, media_type="text/html")

    async def asset(self, request: Request) -> Response:
        """A style or script of the page."""
        name = request.path_params["name"]
        if name not in ASSETS:
            raise HTTPException(404)
        data = (resources.files("btsclip.review") / "static" / name).read_bytes()
        return Response(data, media_type=ASSETS[name])

    @with_json_errors
    async def plan(self, request: Request) -> Response:
        """The plan in the file."""
        return await run_in_threadpool(self._plan_response, self.file.read)

    @with_json_errors
    async def edits(self, request: Request) -> Response:
        """Change the plan that the page has, if the new plan can be rendered."""
        values = await json_object(request)
        edits = read_edits(values.get("edits"))
        tag = str(values.get("tag"))
        return await run_in_threadpool(
            self._plan_response,
            lambda: self.file.change(tag, lambda plan: self._apply_edits(plan, edits)),
        )

    @with_json_errors
    async def undo(self, request: Request) -> Response:
        """Undo the last change."""
        tag = str((await json_object(request)).get("tag"))
        return await run_in_threadpool(self._plan_response, lambda: self.file.undo(tag))

    @with_json_errors
    async def render(self, request: Request) -> Response:
        """Start to render clips."""
        values = await json_object(request)
        ids = values.get("clips")
        if not isinstance(ids, list) or not all(isinstance(clip_id, str) for clip_id in ids):
            raise PlanError("clips", "must be a list of ids")
        stored = await run_in_threadpool(self.file.read)
        if unknown := set(ids) - {clip.id for clip in stored.plan.clips if clip.enabled}:
            raise PlanError(f"clip {shorten(min(unknown))}", "is not one of the kept clips")
        if not self.renderer.start(stored.plan, ids):
            return JSONResponse({"error": "clips are already being rendered"}, 409)
        return self._progress_response(202)

    async def progress(self, request: Request) -> Response:
        """The progress of the rendering."""
        return self._progress_response(200)

    @with_json_errors
    async def take(self, request: Request) -> Response:
        """The take around a span: the file itself or a copy that browsers play."""
        span, footage = await run_in_threadpool(self._requested_span, request)
        playable = await run_in_threadpool(playable_file, footage, span)
        return FileResponse(playable.path, headers=MEDIA_HEADERS)

    @with_json_errors
    async def picture(self, request: Request) -> Response:
        """A small picture from the start or the middle of a span."""
        share = PICTURE_POSITIONS.get(request.path_params["where"])
        if share is None:
            raise HTTPException(404)
        span, footage = await run_in_threadpool(self._requested_span, request)
        seconds = span.start + share * (span.end - span.start)
        data = await run_in_threadpool(jpeg_at, footage, seconds)
        return Response(data, media_type="image/jpeg", headers=MEDIA_HEADERS)

    @with_json_errors
    async def cover(self, request: Request) -> Response:
        """The cover as it would be with picture NUMBER of those to choose from, counted from 0."""
        data = await run_in_threadpool(self._draw_cover, request)
        return Response(data, media_type="image/jpeg", headers=MEDIA_HEADERS)

    @with_json_errors
    async def rendered_clip(self, request: Request) -> Response:
        """A rendered clip or its cover."""
        stored = await run_in_threadpool(self.file.read)
        suffix = request.path_params["suffix"]
        files = files_of(self._folder, _find_clip(stored, request.path_params["clip"]))
        path = {"mp4": files.path, "jpg": files.cover}.get(suffix)
        if path is None or not self._is_in_folder(path):
            raise HTTPException(404)
        headers = {"cache-control": "no-cache"}
        return FileResponse(path, media_type=MEDIA_TYPES[suffix], headers=headers)

    def _progress_response(self, status: int) -> Response:
        progress = asdict(self.renderer.progress)
        return JSONResponse(progress | {"error": valid_text(progress["error"])}, status)

    def _is_in_folder(self, path: Path) -> bool:
        """Whether `path` is a file in the folder of the clips, not a link to another folder."""
        return path.is_file() and path.resolve().parent == self._folder.resolve()

    def _apply_edits(self, plan: CutPlan, edits: list[Edit]) -> CutPlan:
        edited = renumber(apply_edits(plan, edits))
        check_change(plan, edited, self._footage)
        return edited

    def _plan_response(self, action: Callable[[], StoredPlan]) -> Response:
        """The plan that `action` returns, with facts about its takes and clips."""
        stored = action()
        plan = stored.plan
        takes = {source.path: self._take_facts(source) for source in plan.sources}
        clips = {clip.id: self._clip_facts(clip) for clip in plan.clips}
        return JSONResponse(
            {
                "plan": plan.model_dump(mode="json"), "tag": stored.tag,
                "versions": stored.versions,
                "takes": takes, "clips": clips, "presets": list(preset_names()),
            }
        )  # fmt: skip

    def _take_facts(self, source: Source) -> dict[str, Any]:
        """Facts about a take, or the error for a take that cannot be read."""
        try:
            footage = self._footage(source)
        except BtsclipError as error:
            return {"name": Path(source.path).name, "error": error_text(error)}
        return {
            "name": footage.path.name, "duration": footage.duration, "width": footage.width,
            "height": footage.height, "fps": footage.fps, "plays": is_playable(footage),
        }  # fmt: skip

    def _clip_facts(self, clip: Clip) -> dict[str, Any]:
        """The time stamp of the clip's rendered file, None without one, its length, and the
        pictures to choose its cover from."""
        path = files_of(self._folder, clip).path
        made = path.stat().st_mtime_ns if self._is_in_folder(path) else None
        covers = [{"span": number, "at": choice.at} for number, choice in cover_choices(clip)]
        return {
            "made": str(made) if made else None, "seconds": clip.seconds_in_all, "covers": covers,
        }  # fmt: skip

    def _requested_span(self, request: Request) -> tuple[Span, Footage]:
        """The span in the path of a request, and its take."""
        stored, number = self.file.read(), request.path_params["span"]
        clip = _find_clip(stored, request.path_params["clip"])
        if number >= len(clip.spans):
            raise HTTPException(404)
        span = clip.spans[number]
        source = next(source for source in stored.plan.sources if source.path == span.source)
        return span, self._footage(source)

    def _draw_cover(self, request: Request) -> bytes:
        stored, number = self.file.read(), request.path_params["number"]
        clip = _find_clip(stored, request.path_params["clip"])
        choices = cover_choices(clip)
        if number >= len(choices):
            raise HTTPException(404)
        span, choice = choices[number]
        sources = {source.path: source for source in stored.plan.sources}
        source = clip.spans[span].source
        return draw_cover(
            pick_cover(clip, span, choice.at), load_look(stored.plan.preset, stored.plan.brand),
            {source: self._footage(sources[source])},
        )  # fmt: skip

    def _footage(self, source: Source) -> Footage:
        files = [_probe_once(file, _time_stamp(Path(file))) for file in source.files]
        return join_chapters([with_tracks(file, source) for file in files])


@lru_cache(maxsize=512)
def _probe_once(path: str, time_stamp: int) -> Footage:
    return probe(path)


def _time_stamp(path: Path) -> int:
    """The time of the last change of a file, 0 for a missing file."""
    return path.stat().st_mtime_ns if path.exists() else 0


def _find_clip(stored: StoredPlan, clip_id: str) -> Clip:
    for clip in stored.plan.clips:
        if clip.id == clip_id:
            return clip
    raise HTTPException(404)
