"""Small XML: elements with text, and the whole document as text."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from btsclip.exchange.urls import plain

Value = str | int | None


def add(parent: Element, tag: str, text: Value = None, **attributes: Value) -> Element:
    """A new last child of `parent`. Attributes that are None are left out; what can't stand in XML
    is replaced."""
    child = SubElement(parent, tag, _texts(attributes))
    if text is not None:
        child.text = plain(str(text))
    return child


def add_all(parent: Element, values: Mapping[str, Value]) -> None:
    """One child with text for each of `values`, in their order."""
    for tag, text in values.items():
        add(parent, tag, text)


def root(tag: str, **attributes: Value) -> Element:
    """The element that a document begins with."""
    return Element(tag, _texts(attributes))


def to_text(element: Element, doctype: str) -> str:
    """The document, indented, in UTF-8."""
    indent(element)
    body = tostring(element, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {doctype}>\n{body}\n'


def _texts(attributes: Mapping[str, Value]) -> dict[str, str]:
    return {key: plain(str(value)) for key, value in attributes.items() if value is not None}
