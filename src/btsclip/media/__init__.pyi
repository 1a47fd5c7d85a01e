from . import camera_names as camera_names, ffmpeg as ffmpeg, remote as remote, unfit as unfit
from .audio_tracks import (
    ASKED as ASKED,
    BOTH_SIDES as BOTH_SIDES,
    ONLY_ONE_HEARD as ONLY_ONE_HEARD,
    SPATIAL_CODECS as SPATIAL_CODECS,
    AudioTrack as AudioTrack,
    SoundChoice as SoundChoice,
    first_track as first_track,
    play as play,
    sound_key as sound_key,
    track_fault as track_fault,
)
from .camera_names import COPIES as COPIES, SMALL_COPY as SMALL_COPY, CopyName as CopyName
from .channels import (
    MIN_LEVEL_DBFS as MIN_LEVEL_DBFS,
    OneChannel as OneChannel,
    layout_of as layout_of,
)
from .chapters import (
    join_chapters as join_chapters,
    source_options as source_options,
    write_script as write_script,
)
from .damage import find_damage as find_damage
from .documents import (
    MAX_RECORD_BYTES as MAX_RECORD_BYTES,
    TOO_DEEP as TOO_DEEP,
    TOO_LONG as TOO_LONG,
    json_record as json_record,
    parse_json as parse_json,
    read_document as read_document,
)
from .ffmpeg import (
    INPUT_PROTOCOLS as INPUT_PROTOCOLS,
    ffmpeg_path as ffmpeg_path,
    has_filter as has_filter,
    process as process,
)
from .fields import Scan as Scan, may_be_interlaced as may_be_interlaced
from .fingerprint import (
    make_fingerprint as make_fingerprint,
    recorded_fingerprint as recorded_fingerprint,
    recorded_size as recorded_size,
)
from .footage import Footage as Footage
from .frames import (
    Frame as Frame,
    read_every_frame as read_every_frame,
    read_frames as read_frames,
)
from .glances import glance_interval as glance_interval, read_glances as read_glances
from .light import (
    LINEAR_PART as LINEAR_PART,
    PEAK as PEAK,
    REFERENCE_WHITE as REFERENCE_WHITE,
)
from .memory import give_back_pictures as give_back_pictures
from .numbers import EMPTY as EMPTY, Mark as Mark, number as number, plain as plain
from .opening import open_media as open_media
from .output import (
    FULL as FULL,
    STAGING_PREFIX as STAGING_PREFIX,
    disk_full as disk_full,
    output_error as output_error,
    publish as publish,
    refuse_existing as refuse_existing,
    staging as staging,
    write_text as write_text,
)
from .packets import read_packets as read_packets
from .paths import (
    NOT_TEXT as NOT_TEXT,
    RENAME as RENAME,
    absolute as absolute,
    check_name as check_name,
    distinct as distinct,
    file_name as file_name,
    from_document as from_document,
    in_real_folder as in_real_folder,
    is_remote as is_remote,
    is_text as is_text,
    relative as relative,
    slug as slug,
    to_document as to_document,
)
from .photographs import command_for_video as command_for_video, is_motion_photo as is_motion_photo
from .pictures import read_picture as read_picture
from .probing import probe as probe
from .seeking import (
    picture_input as picture_input,
    sound_from as sound_from,
    sound_stream as sound_stream,
)
from .sound import (
    RATE as RATE,
    check_sound as check_sound,
    meter_of as meter_of,
    music_stream as music_stream,
    read_sound as read_sound,
    readable_audio as readable_audio,
)
from .stills import Still as Still, read_stills as read_stills
from .tables import Row as Row, read_exported as read_exported, read_rows as read_rows
from .track_sounds import read_track_sounds as read_track_sounds
from .unfit import unfit_name as unfit_name
