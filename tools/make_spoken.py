"""Makes tests/signals/spoken.flac: sentences spoken by Flite, whose word times are known.

Needs `flite` and `ffmpeg` (on Debian: apt-get install flite ffmpeg). Prints the words with their
beginnings, as tests/spoken_takes.py holds them.
"""

from __future__ import annotations

import subprocess
import tempfile
import wave
from pathlib import Path

SENTENCES = (
    "First I mix the flour with water and salt.",
    "Then I wait for twenty minutes, because the dough needs time.",
    "My grandmother made this bread every Sunday.",
)
# Seconds of silence before each sentence and after the last; the long one parts two pieces.
PAUSES = (0.6, 1.0, 2.6, 0.8)
RATE = 16_000
# A voice far from the microphone: fewer bits keep the file small.
LEVEL = 0.03
TARGET = Path(__file__).parents[1] / "tests" / "signals" / "spoken.flac"


def speak(text: str, path: Path, voice: str = "rms") -> list[tuple[str, float]]:
    """Speaks `text` into the WAV file `path`; its words, each with the time at which it begins."""
    # A word alone has as many sounds as within the sentence: so they are told apart there.
    each = [(word.strip(".,"), len(_sounds(word, path, voice))) for word in text.split()]
    starts = _sounds(text, path, voice)
    if sum(count for _, count in each) != len(starts):
        raise ValueError(f"{voice} runs words together in {text!r}")
    words = []
    for word, count in each:
        words.append((word, starts[0]))
        starts = starts[count:]
    return words


def _sounds(text: str, path: Path, voice: str) -> list[float]:
    """When each sound but pauses begins in `text`, which is spoken into `path`."""
    command = ["flite", "-voice", voice, "-t", text, "-psdur", "-o", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    starts, begin = [], 0.0
    for name, end in (part.split(":") for part in said):
        if name != "pau":
            starts.append(begin)
        begin = float(end)
    return starts


def main() -> None:
    """Writes the file and prints what it holds."""
    sound = b""
    words: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "scratch.wav"
        for text, pause in zip(SENTENCES, PAUSES, strict=False):
            sound += bytes(2 * round(pause * RATE))
            for word, start in speak(text, scratch):
                words.append((word, round(len(sound) / 2 / RATE + start, 2)))
            with wave.open(str(scratch)) as file:
                assert file.getframerate() == RATE and file.getnchannels() == 1
                sound += file.readframes(file.getnframes())
    sound += bytes(2 * round(PAUSES[-1] * RATE))
    command = ["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    command += ["-i", "-", "-af", f"volume={LEVEL}", "-sample_fmt", "s16"]
    command += ["-compression_level", "12", str(TARGET)]
    subprocess.run(command, input=sound, check=True)
    print(words, TARGET.stat().st_size)


if __name__ == "__main__":
    main()
