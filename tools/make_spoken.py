"""Makes tests/signals/spoken.flac: sentences spoken by Flite, whose word times are known.

Needs `flite` and `ffmpeg` (on Debian: apt-get install flite ffmpeg). Prints the words with their
beginnings, as tests/signals/test_speech.py holds them. Flite and its voice rms are free (CMU,
BSD-like); what it speaks belongs to nobody.
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


def spoken(text: str, path: Path) -> list[tuple[str, float]]:
    """Speaks `text` into `path`; its sounds but pauses, with the time each begins."""
    command = ["flite", "-voice", "rms", "-t", text, "-psdur", "-o", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    sounds, begin = [], 0.0
    for name, end in (part.split(":") for part in said):
        if name != "pau":
            sounds.append((name, begin))
        begin = float(end)
    return sounds


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "scratch.wav"
        sound = b""
        words: list[tuple[str, float]] = []
        for text, pause in zip(SENTENCES, PAUSES, strict=False):
            sound += bytes(2 * round(pause * RATE))
            each = [(word.strip(".,"), len(spoken(word, scratch))) for word in text.split()]
            starts = [begin for _, begin in spoken(text, scratch)]
            assert sum(count for _, count in each) == len(starts)
            for word, count in each:
                words.append((word, round(len(sound) / 2 / RATE + starts[0], 2)))
                starts = starts[count:]
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
