"""Find the brand of a shoot and lay it over a preset."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from btsclip.captions import font
from btsclip.errors import CaptionError, PresetError
from btsclip.media import absolute, is_remote
from btsclip.planning.request import ClipRequest
from btsclip.presets import (
    BRAND_NAME,
    Preset,
    apply_brand,
    line_of,
    load_preset,
    read_brand,
    read_toml,
)
from btsclip.takes import SIDE_FILES, files_in
from btsclip.wording import listed

OTHER_FONT = "name the font's file, such as Lobster.ttf, or one of the fonts that btsclip has"


def load_look(preset: str, brand: str | Path | None = None) -> Preset:
    """The preset of that name with the brand in the file `brand` over it, if there is one.

    Raises PresetError for a preset or a brand that can't be used.
    """
    loaded = load_preset(preset)
    if not brand:
        return loaded
    path = Path(brand)
    if not path.is_file():
        raise PresetError(
            path, "no such file, but the clips are to have this brand",
            "put it back, or name another with --brand FILE",
        )  # fmt: skip
    wanted = read_brand(path)
    try:
        if wanted.font:
            font(wanted.font)
    except CaptionError as error:
        line = line_of(read_toml(path, PresetError)[0], ["font"])
        cause = f"font: {error.subject}: {error.cause}"
        cure = error.cure if Path(wanted.font).is_absolute() else OTHER_FONT
        raise PresetError(f"{path}:{line}", cause, cure) from error
    return apply_brand(loaded, wanted)


def branded(
    preset_name: str, request: ClipRequest, takes: Iterable[Path]
) -> tuple[Preset, ClipRequest]:
    """The preset in the brand of `request`, else in that found near the `takes`, and the request
    with the path of that brand. Raises PresetError as `load_look` and `find_brand` do."""
    brand = absolute(request.brand) if request.brand else find_brand(takes)
    return load_look(preset_name, brand), replace(request, brand=brand)


def takes_near(shoot: Path, out: Path) -> list[Path]:
    """The files in the folder `shoot` that may be takes, without the results in `out`; or `shoot`
    itself if it is a take or in an object store, where no brand is looked for."""
    if is_remote(shoot) or shoot.is_file():
        return [shoot]
    return [path for path in files_in(shoot, out) if path.suffix.lower() not in SIDE_FILES]


def find_brand(takes: Iterable[Path]) -> Path | None:
    """The brand.toml beside the takes, or else in the folder above, which may hold many shoots.

    Takes in an object store have none. Raises PresetError if the takes have different brands.
    """
    folders = dict.fromkeys(absolute(take).parent for take in takes if not is_remote(take))
    nearest = (
        next((f / BRAND_NAME for f in (folder, folder.parent) if (f / BRAND_NAME).is_file()), None)
        for folder in folders
    )
    brands = [*dict.fromkeys(path for path in nearest if path)]
    if len(brands) > 1:
        cause = (
            f"is not the only brand of these takes: there is {listed(map(str, brands[1:]))}, too"
        )
        raise PresetError(brands[0], cause, "name one with --brand FILE")
    return brands[0] if brands else None
