"""Takes of a pot on a still picture, for time-lapses: brightness and sound tell the moment."""

from __future__ import annotations

from pathlib import Path

from media import ffmpeg

# Grey levels by which it gets brighter each second.
BRIGHTER = 1.0


def pot(path: Path, seconds: float, since: float = 0.0, created: str = "", gop: int = 10) -> Path:
    """Something on a still picture that gets brighter all the time; it hums and beats once a
    second."""
    grey = f"60+{BRIGHTER}*(T+{since})+25*sin(X/14)+25*cos(Y/9)*lt(X,160)"
    stamp = ("-metadata", f"creation_time={created}") if created else ()
    ffmpeg(
        "-f", "lavfi", "-i",
        f"nullsrc=s=320x180:r=2:d={seconds},format=gray,geq=lum='{grey}',fps=10,format=yuv420p",
        "-f", "lavfi", "-i",
        f"aevalsrc='0.1*sin(2*PI*440*t)*(0.3+0.7*lt(mod(t,1),0.5))':s=48000:d={seconds}",
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "12", "-g", str(gop),
        "-c:a", "aac", *stamp, path,
    )  # fmt: skip
    return path


def day(folder: Path, *when: str, seconds: float = 10.0) -> list[Path]:
    """Takes of the same pot at these times of a day."""
    return [
        pot(folder / f"pot {n}.mp4", seconds, 30.0 * n, f"2026-05-03T{time}Z" if time else "")
        for n, time in enumerate(when)
    ]
