from . import io as io, json_text as json_text, places as places
from .code import (
    code_at_end as code_at_end,
    code_of as code_of,
    codes_in as codes_in,
    tag_title as tag_title,
)
from .covers import cover_choices as cover_choices, pick_cover as pick_cover, shows as shows
from .faults import first_fault as first_fault, shorten as shorten
from .io import read_plan as read_plan, to_json as to_json, write_plan as write_plan
from .model import (
    Action as Action,
    BlurFaces as BlurFaces,
    Clip as Clip,
    CropKey as CropKey,
    CutPlan as CutPlan,
    Kind as Kind,
    Lane as Lane,
    Skipped as Skipped,
    Source as Source,
    Span as Span,
    SpeedKey as SpeedKey,
)
from .places import (
    clip_to_document as clip_to_document,
    named_preset as named_preset,
    plan_to_document as plan_to_document,
)
from .speed import MIN_SPEED as MIN_SPEED, SpeedRamp as SpeedRamp, TimeMap as TimeMap
from .texts import (
    Caption as Caption,
    Card as Card,
    Comment as Comment,
    Corner as Corner,
    EndCard as EndCard,
    Word as Word,
)
from .values import (
    BY_HAND as BY_HAND,
    MAX_SPANS as MAX_SPANS,
    MAX_TEXT as MAX_TEXT,
    Seconds as Seconds,
)
