"""Make tests/signals/spoken.flac: sentences spoken by Flite, with known word times.

Needs `flite` and `ffmpeg` (on Debian: apt-get install flite ffmpeg). Prints the words and their
start times for tests/spoken_takes.py.
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
# Seconds of silence before each sentence and after the last; the long one separates two chunks.
PAUSES = (0.6, 1.0, 2.6, 0.8)
RATE = 16_000
# A voice far from the microphone: fewer bits keep the file small.
LEVEL = 0.03
TARGET = Path(__file__).parents[1] / "tests" / "signals" / "spoken.flac"


def speak(text: str, path: Path, voice: str = "rms") -> list[tuple[str, float]]:
    """Speak `text` into the WAV file `path`; return its words with their start times."""
    # A word has as many sounds alone as in the sentence, so counting them separates the words.
    counts = [(word.strip(".,"), len(_sounds(word, path, voice))) for word in text.split()]
    starts = _sounds(text, path, voice)
    if sum(count for _, count in counts) != len(starts):
        raise ValueError(f"{voice} runs words together in {text!r}")
    words = []
    for word, count in counts:
        words.append((word, starts[0]))
        starts = starts[count:]
    return words


def _sounds(text: str, path: Path, voice: str) -> list[float]:
    """Speak `text` into `path`; the start times of its sounds, without pauses."""
    command = ["flite", "-voice", voice, "-t", text, "-psdur", "-o", str(path)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    starts, begin = [], 0.0
    for name, end in (part.split(":") for part in output):
        if name != "pau":
            starts.append(begin)
        begin = float(end)
    return starts


def main() -> None:
    """Write the file, and print its words and size."""
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
