"""The formats that a plan can be handed over in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Form = Literal[
    "otio", "otioz", "edl", "premiere", "resolve", "fcpxml", "srt", "vtt", "markers-csv"
]  # fmt: skip
# What people call the programs that read them.
PROGRAMS: Mapping[str, Form] = {
    "davinci": "resolve", "davinci-resolve": "resolve", "davinci resolve": "resolve",
    "blackmagic": "resolve", "adobe": "premiere", "premiere-pro": "premiere",
    "premiere pro": "premiere", "pr": "premiere", "xml": "premiere", "fcp": "fcpxml",
    "fcpx": "fcpxml", "finalcut": "fcpxml", "final-cut": "fcpxml", "final cut": "fcpxml",
    "final-cut-pro": "fcpxml", "final cut pro": "fcpxml", "avid": "edl", "csv": "markers-csv",
    "markers": "markers-csv", "subtitles": "srt", "opentimelineio": "otio",
}  # fmt: skip
