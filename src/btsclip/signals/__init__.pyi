from .bars import find_picture as find_picture
from .face_tracks import FaceTracks as FaceTracks, track_faces as track_faces
from .faces import FaceSearch as FaceSearch
from .hands import (
    HandDetector as HandDetector,
    tiles as tiles,
    whole_region as whole_region,
)
from .looks import POSE_SIZE as POSE_SIZE, Looks as Looks, measure_looks as measure_looks
from .measure import dense_everywhere as dense_everywhere, measure_signals as measure_signals
from .model import STEP as STEP, Array as Array, Signals as Signals, near as near
from .networks import load_network as load_network
from .quality import (
    MIN_DETAIL as MIN_DETAIL,
    exposure as exposure,
    likeness as likeness,
    sharpness as sharpness,
    thumbnail as thumbnail,
)
from .recognize import (
    MAX_SAME_DISTANCE as MAX_SAME_DISTANCE,
    Descriptor as Descriptor,
    FaceDescriptors as FaceDescriptors,
    describe_faces as describe_faces,
    describe_reference as describe_reference,
)
from .rhythm import WINDOW as WINDOW
from .scene import scene_heads as scene_heads, scene_things as scene_things
from .shots import (
    color_distance as color_distance,
    color_histogram as color_histogram,
    count_cuts as count_cuts,
    is_another_scene as is_another_scene,
    look_for_cuts as look_for_cuts,
    refine as refine,
)
from .speech import (
    Speech as Speech,
    SpokenText as SpokenText,
    ends_sentence as ends_sentence,
    transcribe as transcribe,
)
from .subject_tracks import (
    SAMPLE_RATE as SAMPLE_RATE,
    Tracks as Tracks,
    track_footage as track_footage,
)
from .track_levels import TrackLevels as TrackLevels, measure_tracks as measure_tracks
from .voice import has_voice_network as has_voice_network
from .whisper import find_model as find_model, load_model as load_model
