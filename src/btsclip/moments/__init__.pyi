from .actions import ACTION_WORDS as ACTION_WORDS
from .belief import (
    count_hands as count_hands,
    hand_belief as hand_belief,
    process_belief as process_belief,
)
from .choose import choose_cuts as choose_cuts
from .dense_frames import needs_dense_frames as needs_dense_frames
from .evidence import (
    AT_WORK as AT_WORK,
    describe_evidence as describe_evidence,
    measure_evidence as measure_evidence,
)
from .find import HIGH_BELIEF as HIGH_BELIEF, Moment as Moment, find_moments as find_moments
from .lulls import find_lulls as find_lulls
from .safety import find_dangers as find_dangers, first_danger as first_danger
from .scenes import still_life as still_life
from .select import (
    Cut as Cut,
    Mishaps as Mishaps,
    Refusal as Refusal,
    fault_of as fault_of,
    find_candidates as find_candidates,
    look_alike as look_alike,
    make_cut as make_cut,
    move_cut as move_cut,
)
from .steady import (
    SAME_PLACE as SAME_PLACE,
    SAME_THING as SAME_THING,
    SteadySpan as SteadySpan,
    find_steady_spans as find_steady_spans,
)
from .things import food_seen as food_seen
from .trim import BORDER_REACH as BORDER_REACH, best_part as best_part, best_parts as best_parts
from .unclear import find_unclear_spans as find_unclear_spans
