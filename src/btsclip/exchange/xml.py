"""XML elements with text, and text that XML can hold."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

Value = str | int | None
# Ranges of characters that XML 1.0 allows. Lone surrogates come from file names that are not UTF-8.
_ALLOWED_CHARACTERS = ((0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))


def add(parent: Element, tag: str, text: Value = None, **attributes: Value) -> Element:
    """Append a child to `parent` and return it.

    Attributes that are None are left out. Characters that XML cannot hold are replaced.
    """
    child = SubElement(parent, tag, _attribute_texts(attributes))
    if text is not None:
        child.text = plain_line(str(text))
    return child


def add_all(parent: Element, values: Mapping[str, Value]) -> None:
    """Append one child with text for each of `values`, in their order."""
    for tag, text in values.items():
        add(parent, tag, text)


def root(tag: str, **attributes: Value) -> Element:
    """The root element of a document."""
    return Element(tag, _attribute_texts(attributes))


def to_text(element: Element, doctype: str | None = None) -> str:
    """The document as indented text, with a UTF-8 declaration."""
    indent(element)
    body = tostring(element, encoding="unicode")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + (f"<!DOCTYPE {doctype}>\n" if doctype else "") + body + "\n"


def plain_line(text: str) -> str:
    r"""`text` on one line, with "?" for characters that XML and timelines cannot hold.

    >>> plain_line("two\nlines\x07")
    'two lines?'
    """
    return " ".join(allowed_text(text).split())


def allowed_text(text: str) -> str:
    """`text` with its spaces and lines, with "?" for characters that XML cannot hold."""
    return "".join(map(_allowed, text))


def _allowed(character: str) -> str:
    if character == "\n":
        return character
    if any(low <= ord(character) <= high for low, high in _ALLOWED_CHARACTERS):
        return character
    return " " if character.isspace() else "?"


def _attribute_texts(attributes: Mapping[str, Value]) -> dict[str, str]:
    return {key: plain_line(str(value)) for key, value in attributes.items() if value is not None}
