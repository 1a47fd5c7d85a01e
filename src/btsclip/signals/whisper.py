"""Find and load the Whisper model that recognizes speech. Nothing is downloaded here."""

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

# The smallest model that recognizes most languages well.
DEFAULT_MODEL = "small"
# Files that a model needs; without its tokenizer the library would download one.
MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")


def speech_installed() -> bool:
    """Whether the extra `speech` is installed."""
    return find_spec("faster_whisper") is not None


def find_model(model: str | Path | None = None) -> Path:
    """The folder of a CTranslate2 model.

    Args:
        model: a folder, or the name of a downloaded model, such as "small". Default: the one that
            BTSCLIP_WHISPER names, else DEFAULT_MODEL.

    Raises:
        ToolError: the extra `speech` or the model is missing; says how to get it.
    """
    if not speech_installed():
        raise not_installed("faster_whisper", "speech", "speech")
    name = str(model or Settings.from_env().whisper or DEFAULT_MODEL)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _find_download(name)
    missing = [file for file in MODEL_FILES if not (folder / file).is_file()]
    if missing:
        raise ToolError(
            folder,
            f"is not a complete Whisper model for CTranslate2: {', '.join(missing)} is missing",
            "see docs/speech.md for how to get one",
        )
    return folder.resolve()


def _find_download(name: str) -> Path:
    """The folder of the downloaded model called `name`."""
    from faster_whisper import available_models, download_model

    known = available_models()
    if name not in known:
        raise ToolError(
            name,
            "is neither a folder nor the name of a Whisper model",
            f"BTSCLIP_WHISPER may name a folder or one of {', '.join(known)}",
        )
    try:
        return Path(download_model(name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise ToolError(
            f"the speech model {name!r}",
            "is not on this computer, and btsclip downloads nothing by itself",
            f"download it once: {download_command(name)}"
            " (or set BTSCLIP_WHISPER to the folder of a model you have)",
        ) from error


def download_command(name: str) -> str:
    """The command, for any shell, that downloads the model `name`."""
    code = f"import faster_whisper; faster_whisper.download_model('{name}')"
    return f'{Path(sys.executable).name} -c "{code}"'


def load_model(model: str | Path | None = None, language: str | None = None) -> WhisperModel:
    """Load a model (see `find_model`) that knows `language`, a code such as "en".

    Raises ToolError when it is missing, broken or does not know the language.
    """
    whisper = _load_folder(find_model(model))
    known = whisper.supported_languages
    if language and language not in known:
        raise ToolError(
            f"language {language!r}",
            "is not known to the speech model",
            f"it knows {', '.join(known)}",
        )
    return whisper


@lru_cache(maxsize=1)
def _load_folder(folder: Path) -> WhisperModel:
    """Load the model in `folder`, on all cores, in 8-bit integers: the same text on every run."""
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
        raise ToolError(
            folder, f"cannot be loaded ({error})", "download the model again"
        ) from error
