from .concepts import (
    SAME_MEANING as SAME_MEANING,
    Term as Term,
    covered_share as covered_share,
    find_concepts as find_concepts,
    fold as fold,
    found_in as found_in,
    terms as terms,
)
from .kitchen_words import find_kitchen_words as find_kitchen_words, says_enough as says_enough
from .lexicon import ACTIONS as ACTIONS, BEYOND as BEYOND, KINDS as KINDS, MEASURES as MEASURES
from .match import (
    MIN_NAME_SHARE as MIN_NAME_SHARE,
    StepMatch as StepMatch,
    find_step as find_step,
    match_steps as match_steps,
)
from .model import (
    NAME as NAME,
    Notes as Notes,
    Person as Person,
    find_notes as find_notes,
    missing_takes as missing_takes,
)
from .noted_actions import (
    apply_noted_action as apply_noted_action,
    step_actions as step_actions,
)
