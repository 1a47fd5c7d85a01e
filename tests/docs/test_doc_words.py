"""What the pages name is there: options, pages, headings, pictures; and their examples are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from media import ffmpeg
from pages import (
    PAGES,
    ROOT,
    Block,
    command_lines,
    headings,
    links,
    mentions,
    options_of,
    read_page,
    resolve,
    spans,
    verbs,
)

from btsclip.captions.files import read_captions
from btsclip.errors import PresetError
from btsclip.notes.model import read_notes
from btsclip.plan import io
from btsclip.plan.model import Clip, Span
from btsclip.presets.brand import BrandColors, BrandLogo, read_brand
from btsclip.presets.load import load_preset
from btsclip.presets.toml_errors import read_toml

LINKED = (*PAGES, "CONTRIBUTING.md", "benchmarks/RESULTS.md", "samples/render/README.md")
OPTION = re.compile(r"(?<!\S)(--[a-z][a-z-]*|-[a-z](?![a-z-]))")
# Options of other programs that are named outside of their command lines.
FOREIGN = {"docs/cluster.md": {"--host", "--nthreads", "--nworkers", "--resources"}}


@pytest.mark.parametrize("page", PAGES)
def test_commands_name_options_of_their_verb(page: str) -> None:
    for line in [*command_lines(page), *mentions(page)]:
        if line.text.startswith("btsclip "):
            known = options_of(resolve(line.words[1:])[0]) | options_of(resolve([])[0])
            named = {word.split("=")[0] for word in line.words[1:] if OPTION.match(word)}
            assert named <= known, f"{line.where}: {named - known}"


def verbs_of(page: str) -> set[str]:
    """The verbs that a page names, by a command, alone or by a link to their page; the decisions
    are about all of them."""
    if page == "docs/decisions.md":
        return verbs()
    lines = [line for line in command_lines(page) + mentions(page) if line.words[0] == "btsclip"]
    named = {text for _, text, _ in spans(page)} | {Path(target).stem for _, target in links(page)}
    return (named & verbs()).union(word for line in lines for word in line.words[1:2])


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_only_options_of_their_verbs(page: str) -> None:
    known = FOREIGN.get(page, set()) | options_of(resolve([])[0])
    for verb in verbs_of(page) & verbs():
        known |= options_of(resolve([verb])[0])
    for number, text, _ in spans(page):
        if text.startswith("-"):
            named = set(OPTION.findall(text))
            assert named <= known, f"{page}:{number}: {named - known}"


def test_named_extras_can_be_installed() -> None:
    _, project = read_toml(ROOT / "pyproject.toml", PresetError)
    extras = {f"btsclip[{name}]" for name in project["project"]["optional-dependencies"]}
    for page in PAGES:
        for line in command_lines(page):
            if line.words[:2] == ["pip", "install"]:
                assert line.words[2] in extras, line.where


@pytest.mark.parametrize("page", LINKED)
def test_links_and_pictures_exist(page: str) -> None:
    for number, target in links(page):
        if target.startswith(("http:", "https:")):
            continue
        path, _, anchor = target.partition("#")
        place = (ROOT / page).parent / path if path else ROOT / page
        assert place.exists(), f"{page}:{number}: {target} is not there"
        if anchor:
            name = place.resolve().relative_to(ROOT).as_posix()
            assert anchor in headings(name), f"{page}:{number}: no heading for #{anchor}"


def examples(language: str, *pages: str) -> list[tuple[str, Block]]:
    return [(page, b) for page in pages for b in read_page(page).blocks if b.language == language]


def test_examples_of_notes_are_read(tmp_path: Path) -> None:
    found = examples("toml", "docs/shoot.md", "docs/people.md", "docs/reply.md")
    assert len(found) > 2
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=1", "-frames:v", "1", tmp_path / "ana.jpg")
    for page, block in found:
        path = tmp_path / "shoot.toml"
        path.write_text("\n".join(block.lines), "utf-8")
        notes = read_notes(path)
        assert notes.steps or notes.people, f"{page}:{block.number}"


def test_examples_of_presets_can_be_used(tmp_path: Path) -> None:
    found = examples("toml", "docs/presets.md")
    assert len(found) > 3
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=1", "-frames:v", "1", tmp_path / "logo.png")
    for _, block in found:
        path = tmp_path / "mine.toml"
        text = "\n".join(block.lines)
        path.write_text(text if "extends" in text else f'extends = "honest-kitchen"\n{text}')
        assert load_preset(str(path)) != load_preset("honest-kitchen"), (
            f"line {block.number} changes nothing"
        )


def test_example_of_a_brand_can_be_used(tmp_path: Path) -> None:
    ((_, block),) = examples("toml", "docs/brand.md")
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=1", "-frames:v", "1", tmp_path / "logo.png")
    path = tmp_path / "brand.toml"
    path.write_text("\n".join(block.lines), "utf-8")
    brand = read_brand(path)
    assert brand.handle and brand.avoid and brand.logo.image == str(tmp_path / "logo.png")
    rows = [line for line in read_page("docs/brand.md").prose if line.startswith("| `")]
    named = {key for row in rows for key in re.findall(r"`([\w.]+)`", row.split("|")[1])}
    colors = {f"colors.{key}" for key in BrandColors.model_fields}
    logo = {f"logo.{key}" for key in BrandLogo.model_fields}
    assert {"handle", "font", "avoid", *colors, *logo} <= named


def test_plan_example_is_valid_and_tables_name_all_keys() -> None:
    ((_, block),) = examples("json", "docs/plan.md")
    plan = io.parse_plan("\n".join(block.lines), ROOT / "docs/plan.md")
    assert [len(clip.spans) for clip in plan.clips] == [2]
    assert not any(each.model_extra for clip in plan.clips for each in (clip, *clip.spans))
    rows = [line for line in read_page("docs/plan.md").prose if line.startswith("| `")]
    named = {key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert {*Clip.model_fields, *Span.model_fields} <= named


def test_captions_table_example_is_read(tmp_path: Path) -> None:
    ((_, block),) = examples("csv", "docs/captions.md")
    path = tmp_path / "take.csv"
    path.write_text("\n".join(block.lines), "utf-8")
    read = read_captions(path)
    assert len(read.cues) == 2 and not read.warnings
