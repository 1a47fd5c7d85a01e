from .analysis import (
    Analysis as Analysis,
    Report as Report,
    analysis_json as analysis_json,
    analyze as analyze,
    analyze_footage as analyze_footage,
    cached_analysis as cached_analysis,
    look_at as look_at,
    report_nothing as report_nothing,
    track_span as track_span,
)
from .cache import DAY as DAY, SignalCache as SignalCache, content_digest as content_digest
from .result import probe_json as probe_json
from .sound_choice import ask_track as ask_track, choose_sound as choose_sound
