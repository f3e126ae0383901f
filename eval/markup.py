"""Elements of HTML and SVG as text. Whatever is not ``Markup`` already is escaped, so that
nothing that a document or a question holds can become an element."""

from __future__ import annotations

import html

VOID = frozenset({"br", "col", "input"})
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {127: 0x2421}


class Markup(str):
    """Text that is markup, and safe."""

    __slots__ = ()


def visible(text: str) -> str:
    """``text`` with a picture for each control character that no reader would see."""
    return text.translate(_PICTURES)


def element(tag: str, *children: str, **attributes: str | float | None) -> Markup:
    """An element. Attributes that are None are left out; in their names a last ``_`` is
    dropped and others become ``-``, so that ``class_`` and ``aria_label`` can be written."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(visible(_text(value)))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{join(*children)}</{tag}>")


def join(*children: str) -> Markup:
    """Text and elements, one after the other."""
    return Markup("".join(map(_escaped, children)))


def _escaped(child: str) -> str:
    return child if isinstance(child, Markup) else html.escape(visible(child), quote=False)


def _text(value: str | float) -> str:
    """A tenth of a pixel is as much as a drawing shows."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
