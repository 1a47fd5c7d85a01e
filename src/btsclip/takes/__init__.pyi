from .chapter_files import (
    NUMBERED as NUMBERED,
    join_takes as join_takes,
    may_continue_in as may_continue_in,
)
from .discover import (
    Discovery as Discovery,
    Take as Take,
    find_takes as find_takes,
    inspect_file as inspect_file,
)
from .likeness import Sketch as Sketch, sketch as sketch
from .listing import (
    LEDGER_FOLDER as LEDGER_FOLDER,
    RESULTS_FOLDER as RESULTS_FOLDER,
    SIDE_FILES as SIDE_FILES,
    UNFINISHED as UNFINISHED,
    VIDEO_FILES as VIDEO_FILES,
    LeftOut as LeftOut,
    files_in as files_in,
    is_result as is_result,
    unreadable as unreadable,
)
from .notes_template import write_notes_template as write_notes_template
from .originals import Origin as Origin, Originals as Originals
from .same_moment import distinct_moments as distinct_moments
