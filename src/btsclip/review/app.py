"""The review page's server: the plan to look at and to edit, the footage around each moment.

GET   /                     the page          GET  /media/takes/N/K/S   the take around a span
GET   /api/plan             plan, tag, takes  GET  /media/pictures/N/K/WHERE  one small picture
POST  /api/edits            changes           GET  /media/clips/ID/FORM a finished clip or cover
POST  /api/undo             takes one back    POST /api/render, GET /api/progress

Only what the plan names is served, by numbers and ids: no path is ever taken from a request, and
a link in the folder of the clips leads nowhere else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import lru_cache, wraps
from importlib import resources
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from btsclip.errors import BtsclipError, PlanError
from btsclip.media.chapters import join_chapters
from btsclip.media.footage import Footage, probe
from btsclip.plan import json_text
from btsclip.plan.faults import shorten
from btsclip.plan.model import Clip, CutPlan, Source, Span
from btsclip.presets.load import preset_names
from btsclip.render.run import files_of
from btsclip.review import around
from btsclip.review.check import check_change
from btsclip.review.edits import Edit, edited, read_edits
from btsclip.review.guard import Guard
from btsclip.review.jobs import Renderer
from btsclip.review.report import environment, zones
from btsclip.review.versions import ConflictError, PlanFile, StoredPlan

ASSETS = {
    "page.css": "text/css",
    "review.css": "text/css",
    **dict.fromkeys(
        ("api.js", "dom.js", "editor.js", "list.js", "main.js", "player.js", "texts.js", "trim.js"),
        "text/javascript",
    ),
}
FORMS = {"mp4": "video/mp4", "jpg": "image/jpeg"}
# Where in a span a picture is taken, as a share of its time.
PICTURES = {"first": 0.0, "middle": 0.5}

Answer = Callable[["Review", Request], Awaitable[Response]]


def answers(verb: Answer) -> Answer:
    """Turns what can go wrong in `verb` into an answer that the page can show."""

    @wraps(verb)
    async def wrapped(review: Review, request: Request) -> Response:
        try:
            return await verb(review, request)
        except ConflictError as error:
            return JSONResponse({"error": _sentence(error)}, 409)
        except BtsclipError as error:
            return JSONResponse({"error": _sentence(error)}, 422)

    return wrapped


class Review:
    """One plan under review."""

    def __init__(self, path: Path) -> None:
        self.file = PlanFile(path)
        self.renderer = Renderer(path)
        self._base = path.parent

    def app(self, port: int, token: str) -> Guard:
        """The application, for the page that is opened at `port` with `token`."""
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
            Route("/media/clips/{clip}/{form}", self.finished),
        ]
        return Guard(Starlette(routes=routes), port, token)

    async def index(self, request: Request) -> Response:
        """The page; all that it shows comes from the plan that it then asks for."""
        template = environment().get_template("review.html")
        text = template.render(name=_writable(self._base.resolve().name), zones=zones())
        return Response(text, media_type="text/html")

    async def asset(self, request: Request) -> Response:
        """One of our own files of style or script."""
        name = request.path_params["name"]
        if name not in ASSETS:
            raise HTTPException(404)
        data = (resources.files("btsclip.review") / "static" / name).read_bytes()
        return Response(data, media_type=ASSETS[name])

    @answers
    async def plan(self, request: Request) -> Response:
        """The plan as it is on the disk."""
        return await run_in_threadpool(self._told, self.file.read)

    @answers
    async def edits(self, request: Request) -> Response:
        """Changes the plan that the page has seen, if what it becomes can be made."""
        values = await _json(request)
        edits = read_edits(values.get("edits"))
        tag = str(values.get("tag"))
        return await run_in_threadpool(
            self._told, lambda: self.file.change(tag, lambda plan: self._changed(plan, edits))
        )

    @answers
    async def undo(self, request: Request) -> Response:
        """Takes the last change back."""
        tag = str((await _json(request)).get("tag"))
        return await run_in_threadpool(self._told, lambda: self.file.undo(tag))

    @answers
    async def render(self, request: Request) -> Response:
        """Begins to render clips."""
        values = await _json(request)
        clips = values.get("clips")
        if not isinstance(clips, list) or not all(isinstance(name, str) for name in clips):
            raise PlanError("clips", "must be a list of ids")
        kept = await run_in_threadpool(self.file.read)
        if others := set(clips) - {clip.id for clip in kept.plan.clips if clip.enabled}:
            raise PlanError(f"clip {shorten(min(others))}", "is not a clip that is kept")
        if not self.renderer.start(kept.plan, clips):
            return JSONResponse({"error": "clips are being rendered already"}, 409)
        return self._progress(202)

    async def progress(self, request: Request) -> Response:
        """How far the rendering is."""
        return self._progress(200)

    @answers
    async def take(self, request: Request) -> Response:
        """The take around a span: the file itself or a copy that plays."""
        span, footage = await run_in_threadpool(self._span, request)
        shown = await run_in_threadpool(around.playable_surroundings, footage, span)
        return FileResponse(shown.path, headers={"cache-control": "private, max-age=3600"})

    @answers
    async def picture(self, request: Request) -> Response:
        """A small picture of a span: its first one, or that in its middle."""
        share = PICTURES.get(request.path_params["where"])
        if share is None:
            raise HTTPException(404)
        span, footage = await run_in_threadpool(self._span, request)
        at = span.start + share * (span.end - span.start)
        data = await run_in_threadpool(around.picture, footage, at)
        headers = {"cache-control": "private, max-age=3600"}
        return Response(data, media_type="image/jpeg", headers=headers)

    @answers
    async def finished(self, request: Request) -> Response:
        """A finished clip or its cover."""
        kept = await run_in_threadpool(self.file.read)
        form = request.path_params["form"]
        files = files_of(self._base, _find(kept, request.path_params["clip"]))
        path = {"mp4": files.path, "jpg": files.cover}.get(form)
        if path is None or not self._is_here(path):
            raise HTTPException(404)
        return FileResponse(path, media_type=FORMS[form], headers={"cache-control": "no-cache"})

    def _progress(self, status: int) -> Response:
        progress = asdict(self.renderer.progress)
        return JSONResponse(progress | {"error": _writable(progress["error"])}, status)

    def _is_here(self, path: Path) -> bool:
        """Whether `path` is a file in the folder of the clips, and not a link to one elsewhere."""
        return path.is_file() and path.resolve().parent == self._base.resolve()

    def _changed(self, plan: CutPlan, edits: list[Edit]) -> CutPlan:
        after = edited(plan, edits)
        check_change(plan, after, self._footage)
        return after

    def _told(self, work: Callable[[], StoredPlan]) -> Response:
        """The plan after `work`, with what the page must know beside it."""
        kept = work()
        plan = kept.plan
        takes = {source.path: self._take(source) for source in plan.sources}
        clips = {clip.id: self._clip(clip) for clip in plan.clips}
        return JSONResponse(
            {
                "plan": plan.model_dump(mode="json"), "tag": kept.tag, "versions": kept.versions,
                "takes": takes, "clips": clips, "presets": list(preset_names()),
            }
        )  # fmt: skip

    def _take(self, source: Source) -> dict[str, Any]:
        """What the page knows of a take; of one that is not there, why."""
        try:
            footage = self._footage(source)
        except BtsclipError as error:
            return {"name": Path(source.path).name, "error": _sentence(error)}
        return {
            "name": footage.path.name, "duration": footage.duration, "width": footage.width,
            "height": footage.height, "fps": footage.fps, "plays": around.is_playable(footage),
        }  # fmt: skip

    def _clip(self, clip: Clip) -> dict[str, Any]:
        """When the clip's file was made, None where it is not there, and its length."""
        path = files_of(self._base, clip).path
        made = path.stat().st_mtime_ns if self._is_here(path) else None
        return {"made": str(made) if made else None, "seconds": clip.seconds_in_all}

    def _span(self, request: Request) -> tuple[Span, Footage]:
        """The span that is asked for and its take."""
        kept, number = self.file.read(), request.path_params["span"]
        clip = _find(kept, request.path_params["clip"])
        if number >= len(clip.spans):
            raise HTTPException(404)
        span = clip.spans[number]
        source = next(each for each in kept.plan.sources if each.path == span.source)
        return span, self._footage(source)

    def _footage(self, source: Source) -> Footage:
        return join_chapters([_probed(file, _stamp(Path(file))) for file in source.files])


@lru_cache(maxsize=512)
def _probed(path: str, stamp: int) -> Footage:
    return probe(path)


def _stamp(path: Path) -> int:
    """Changes when the file does."""
    return path.stat().st_mtime_ns if path.exists() else 0


def _find(kept: StoredPlan, name: str) -> Clip:
    for clip in kept.plan.clips:
        if clip.id == name:
            return clip
    raise HTTPException(404)


def _sentence(error: BtsclipError) -> str:
    """What the page says of an error; a long text in it is only begun."""
    return _writable(str(BtsclipError(shorten(error.subject), shorten(error.cause), error.cure)))


def _writable(text: str) -> str:
    """`text`, with a question mark for what is no character: files may have such names."""
    return text.encode("utf-8", "replace").decode()


async def _json(request: Request) -> dict[str, Any]:
    try:
        values = json_text.loads(await request.body())
    except ValueError as error:
        raise HTTPException(400, f"the request is not as it should be ({error})") from None
    except ClientDisconnect:
        raise HTTPException(400, "the request ended early") from None
    if not isinstance(values, dict):
        raise HTTPException(400, "the request is not a JSON object")
    return values
