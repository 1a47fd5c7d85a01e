"""Which Whisper model hears speech, and where it lies. Nothing here fetches anything."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from btsclip.errors import ToolError
from btsclip.extras import not_installed
from btsclip.settings import Settings

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

# The smallest model that hears most languages well.
DEFAULT = "small"
# Without one of these the model can't run; without its tokenizer the library would fetch one.
FILES = ("model.bin", "config.json", "tokenizer.json")


def speech_installed() -> bool:
    """Whether the extra `speech` is installed."""
    return find_spec("faster_whisper") is not None


def find_model(model: str | Path | None = None) -> Path:
    """The folder of the CTranslate2 model `model`: a folder, or a name such as "small" of a model
    that was downloaded before. None: what BTSCLIP_WHISPER names, else DEFAULT.

    Raises ToolError, which says how to get it, when the extra or the model is not there.
    """
    if not speech_installed():
        raise not_installed("faster_whisper", "speech", "speech")
    name = str(model or Settings.from_env().whisper or DEFAULT)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _downloaded(name)
    missing = [file for file in FILES if not (folder / file).is_file()]
    if missing:
        raise ToolError(
            folder,
            f"is no whole Whisper model for CTranslate2: {', '.join(missing)} is missing",
            "see docs/speech.md for how to get one",
        )
    return folder.resolve()


def _downloaded(name: str) -> Path:
    """The folder of the model called `name` among those downloaded before."""
    from faster_whisper import available_models, download_model

    known = available_models()
    if name not in known:
        raise ToolError(
            name,
            "is neither a folder nor a Whisper model's name",
            f"BTSCLIP_WHISPER may name a folder or one of {', '.join(known)}",
        )
    try:
        return Path(download_model(name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise ToolError(
            f"the speech model {name!r}",
            "is not on this computer, and btsclip fetches nothing by itself",
            f"get it once by: {download_command(name)}"
            " (or set BTSCLIP_WHISPER to the folder of a model you have)",
        ) from error


def download_command(name: str) -> str:
    """The command, for any shell, with which the user downloads the model `name` once."""
    code = f"import faster_whisper; faster_whisper.download_model('{name}')"
    return f'{Path(sys.executable).name} -c "{code}"'


def recognizer(model: str | Path | None = None, language: str | None = None) -> WhisperModel:
    """The model (see `find_model`), loaded, which knows `language`, a code such as "en".

    Raises ToolError when it is missing, broken or does not know the language.
    """
    whisper = _loaded(find_model(model))
    known = whisper.supported_languages
    if language and language not in known:
        raise ToolError(
            f"language {language!r}",
            "is not known to the speech model",
            f"it knows {', '.join(known)}",
        )
    return whisper


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> WhisperModel:
    """The model in `folder`, on all cores, in 8-bit integers: the same text on every run."""
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=os.cpu_count() or 1,
            local_files_only=True,
        )
    except (RuntimeError, ValueError) as error:
        raise ToolError(folder, f"can't be loaded ({error})", "download the model again") from error
