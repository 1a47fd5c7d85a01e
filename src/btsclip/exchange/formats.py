"""The file formats of an export, and the names that people use for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

FileFormat = Literal[
    "otio", "otioz", "edl", "premiere", "resolve", "fcpxml", "kdenlive", "shotcut", "srt", "vtt",
    "markers-csv",
]  # fmt: skip
# Other names of the formats and of the programs that read them.
ALIASES: Mapping[str, FileFormat] = {
    "davinci": "resolve", "davinci-resolve": "resolve", "davinci resolve": "resolve",
    "blackmagic": "resolve", "adobe": "premiere", "premiere-pro": "premiere",
    "premiere pro": "premiere", "pr": "premiere", "xml": "premiere", "fcp": "fcpxml",
    "fcpx": "fcpxml", "finalcut": "fcpxml", "final-cut": "fcpxml", "final cut": "fcpxml",
    "final-cut-pro": "fcpxml", "final cut pro": "fcpxml", "avid": "edl", "csv": "markers-csv",
    "markers": "markers-csv", "mlt": "shotcut", "subtitles": "srt", "opentimelineio": "otio",
}  # fmt: skip
