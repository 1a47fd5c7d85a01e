from . import emoji as emoji
from .ass import ass_for as ass_for
from .check import check_preset as check_preset, check_text as check_text, undrawable as undrawable
from .clock import duration_in_words as duration_in_words, seconds_of as seconds_of
from .comment import comment_of as comment_of, set_comment as set_comment
from .cues import (
    Cue as Cue,
    captions_of as captions_of,
    cue_on_screen as cue_on_screen,
    cues_between as cues_between,
    shift_caption as shift_caption,
    speech_cues as speech_cues,
)
from .files import (
    MAX_NAMED as MAX_NAMED,
    CaptionsFile as CaptionsFile,
    read_captions as read_captions,
)
from .fillers import without_fillers as without_fillers
from .font_files import Font as Font
from .fonts import (
    FONTS as FONTS,
    font as font,
    forget_added_fonts as forget_added_fonts,
    shipped_fonts as shipped_fonts,
)
from .layout import Role as Role, layout_captions as layout_captions, room_for as room_for
from .lines import (
    breakable as breakable,
    clean_line as clean_line,
    clusters as clusters,
    flow_lines as flow_lines,
    wrap_text as wrap_text,
)
from .look import look_warnings as look_warnings
from .overlays import (
    Overlay as Overlay,
    overlays_for as overlays_for,
    watermark_area as watermark_area,
    watermark_overlay as watermark_overlay,
)
from .own_fonts import fonts_folder as fonts_folder, use_font as use_font
from .placement import (
    BusyArea as BusyArea,
    place_captions as place_captions,
    place_comment as place_comment,
)
from .safezones import (
    MEASURED as MEASURED,
    REFERENCE as REFERENCE,
    ZONES as ZONES,
    preset_for_picture as preset_for_picture,
    safe_box as safe_box,
)
from .subtitles import format_subtitles as format_subtitles
from .templates import (
    Fact as Fact,
    Facts as Facts,
    fill_template as fill_template,
)
from .text import (
    captions_for as captions_for,
    end_card as end_card,
    make_readable as make_readable,
)
from .timing import (
    MIN_SECONDS as MIN_SECONDS,
    fit_reading_time as fit_reading_time,
    reading_seconds as reading_seconds,
    split_text as split_text,
)
from .title import (
    Title as Title,
    TitlePosition as TitlePosition,
    cover_text as cover_text,
    place_title as place_title,
    title_of as title_of,
    title_room as title_room,
)
