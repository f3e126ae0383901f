"""Pages that the service makes: by Jinja2, which escapes whatever is not ``Markup`` already."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_TEMPLATES = Environment(
    loader=PackageLoader("qa.service"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_SAID = {
    "unknown_document": (
        "No such document",
        "The collection has no document at this address. It may have been renamed or taken out "
        "since the link was made.",
    ),
    "not_found": ("Nothing here", "There is nothing at this address."),
}


def render(template: str, **values: Any) -> str:
    """A whole page, by a file of ``templates/``. A name that it needs and is not given raises
    ``UndefinedError``."""
    return _TEMPLATES.get_template(template).render(values)


def error(status: int, code: str, title: str, detail: str, whole: str = "") -> str:
    """A page for people that says what a problem says to programs. ``whole`` is the address
    of the document that was meant, where only the range of it is wrong."""
    heading, said = _SAID.get(code, (title, f"{detail[:1].upper()}{detail[1:].rstrip('.')}."))
    return render("error.html", title=heading, detail=said, whole=whole, status=status)
