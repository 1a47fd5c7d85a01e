"""Laid-out captions to an ASS document, the form in which libass draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from btsclip.captions.fonts import font, split_by_font
from btsclip.captions.layout import Block, lay_out
from btsclip.plan.model import Clip
from btsclip.presets.schema import Preset

if TYPE_CHECKING:
    import pysubs2

# ASS border styles: outline and shadow, or an opaque box.
OUTLINE, BOX = 1, 3
TOP_CENTRE = 8
# "Font encoding" -1: libass finds out by itself whether a line runs from right to left.
BY_CONTENT = -1


def ass_for(clip: Clip, preset: Preset) -> str | None:
    """The clip's captions as an ASS document; None when it has none.

    Times count from the clip's start. Raises CaptionError for a text that does not fit, has
    characters that no font has, or would never be seen.
    """
    if not clip.captions:
        return None
    import pysubs2

    from btsclip.errors import CaptionError

    document = pysubs2.SSAFile()
    document.info.update(
        PlayResX=str(preset.output.width),
        PlayResY=str(preset.output.height),
        ScaledBorderAndShadow="yes",
        WrapStyle="2",
    )
    document.styles.clear()
    for number, caption in enumerate(clip.captions):
        if caption.start >= clip.duration:
            raise CaptionError(
                f"caption {caption.text!r}",
                f"starts at {caption.start:g} s, after its clip's end at {clip.duration:g} s",
                "start it earlier",
            )
        block = lay_out(caption, preset)
        name = f"{caption.role}{number}"
        document.styles[name] = _style(block, preset)
        document.events.extend(_events(block, name, clip.duration))
    return document.to_string("ass")


def escape(text: str) -> str:
    """`text` with nothing in it that libass would take for a command.

    ASS knows no escape for a backslash; a word joiner after it breaks the command and is not seen.
    """
    return text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")


def _style(block: Block, preset: Preset) -> pysubs2.SSAStyle:
    import pysubs2

    style, height = block.style, preset.output.height
    boxed = style.box is not None
    return pysubs2.SSAStyle(
        fontname=style.font,
        fontsize=round(font(style.font).ass_size(block.size), 2),
        primarycolor=_colour(style.colour),
        outlinecolor=_colour(style.box or style.outline),
        backcolor=_colour("#00000080"),
        bold=False,
        borderstyle=BOX if boxed else OUTLINE,
        outline=round((0.012 if boxed else style.outline_width) * height, 2),
        shadow=0 if boxed else round(style.shadow * height, 2),
        alignment=pysubs2.Alignment(TOP_CENTRE),
        encoding=BY_CONTENT,
        marginl=0,
        marginr=0,
        marginv=0,
    )


def _events(block: Block, name: str, duration: float) -> list[pysubs2.SSAEvent]:
    """One event a line, so that lines stand a set distance apart whatever their fonts are."""
    import pysubs2

    start, end = block.caption.start, min(block.caption.end, duration)
    fade = round(min(block.style.fade, (end - start) / 3) * 1000)
    events = []
    for row, line in enumerate(block.lines):
        y = block.y + block.baseline + row * block.leading - _ascent(line, block)
        tags = f"{{\\pos({block.x:.1f},{y:.1f})\\fad({fade},{fade})}}"
        events.append(
            pysubs2.SSAEvent(
                start=round(start * 1000),
                end=round(end * 1000),
                style=name,
                text=tags + _with_fonts(line, block),
            )
        )
    return events


def _ascent(line: str, block: Block) -> float:
    """Pixels from the top of the line as libass sets it to its baseline."""
    runs = split_by_font(line, block.style.font)
    return max(run_font.ascent / run_font.em for run_font, _ in runs) * block.size


def _with_fonts(line: str, block: Block) -> str:
    """`line` escaped, with family and size named wherever the font changes."""
    parts: list[str] = []
    for run_font, run in split_by_font(line, block.style.font):
        tag = ""
        if parts or run_font.family != block.style.font:
            tag = f"{{\\fn{run_font.family}\\fs{run_font.ass_size(block.size):.2f}}}"
        parts.append(tag + escape(run))
    return "".join(parts)


def _colour(text: str) -> pysubs2.Color:
    """#RRGGBB or #RRGGBBAA; ASS counts alpha from opaque (0) on."""
    import pysubs2

    red, green, blue = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    alpha = 255 - int(text[7:9], 16) if len(text) == 9 else 0
    return pysubs2.Color(red, green, blue, alpha)
