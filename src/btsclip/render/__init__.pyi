from . import encoders as encoders, process as process
from .burn import burn_captions as burn_captions, output_files as output_files
from .camera import (
    coded_size as coded_size,
    fitted_box as fitted_box,
    keys_shown as keys_shown,
    largest_window as largest_window,
)
from .check import check_clip as check_clip
from .color import scale_picture as scale_picture, to_bt709 as to_bt709
from .cover_preview import draw_cover as draw_cover
from .deinterlace import whole_pictures as whole_pictures
from .encoders import (
    AUTO as AUTO,
    HARDWARE as HARDWARE,
    SOFTWARE as SOFTWARE,
    is_usable as is_usable,
)
from .face_check import framing_of as framing_of
from .pace import AMBIENCE_VOLUME as AMBIENCE_VOLUME, MAX_STRETCH_SPEED as MAX_STRETCH_SPEED
from .preview import render_preview as render_preview
from .run import (
    RenderedClip as RenderedClip,
    files_of as files_of,
    max_clip_bytes as max_clip_bytes,
    render as render,
)
from .sources import (
    check_end as check_end,
    check_not_overwriting as check_not_overwriting,
    check_spans as check_spans,
    files_read as files_read,
    read_source as read_source,
    with_tracks as with_tracks,
)
from .timeline import DISSOLVE_SECONDS as DISSOLVE_SECONDS, still_frame as still_frame
from .zoom import changes_size as changes_size, zoom_course as zoom_course
