from . import clock as clock
from .arc import ARCS as ARCS
from .compose import describe_shares as describe_shares
from .make import (
    StoryOptions as StoryOptions,
    StoryResult as StoryResult,
    default_folder as default_folder,
    make_story as make_story,
)
from .result import story_json as story_json
from .spans import shares_of as shares_of
from .why import (
    ARRIVAL_SECONDS as ARRIVAL_SECONDS,
    card_of as card_of,
    fits_as_caption as fits_as_caption,
)
