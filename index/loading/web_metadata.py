"""What a page of HTML says of itself: title, publisher, date, address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from index.language import Language
from index.loading import properties
from index.loading.canonical import fold_line
from index.loading.trees import tag
from index.records import Metadata

_DATES = (
    "article:published_time citation_publication_date citation_date dc.date.issued dcterms.issued "
    "datepublished dc.date dcterms.date date pubdate publishdate publish-date publication_date "
    "dc.date.created dcterms.created"
).split()
_PUBLISHERS = "og:site_name dc.publisher dcterms.publisher citation_publisher author".split()
_TITLES = "og:title citation_title dc.title dcterms.title twitter:title".split()
_LONGEST = 1000
_BEHIND = re.compile(r"\s+[-–—|·»]\s.+")
"""What stands behind a title that a site adds its name to."""
_BEFORE = re.compile(r"(?:.+(?:\s[-–—|·»]|:)\s)?")
_ADDRESS = re.compile(r"https?://\S+$", re.I)


def read(root: etree._Element, headings: Sequence[str], known: Language) -> Metadata:
    """What is said of the page with these ``headings``, the main one, if any, first."""
    said = _meta(root)
    return Metadata(
        title=_title(root, said, headings, known),
        publisher=_first(said, _PUBLISHERS),
        date=next(filter(None, (properties.iso_date(said.get(one, "")) for one in _DATES)), ""),
        url=_address(root, said),
    )


def _meta(root: etree._Element) -> dict[str, str]:
    """What each name says, the first that says anything."""
    found: dict[str, str] = {}
    for one in root.iter():
        if tag(one) == "meta":
            content = fold_line(one.get("content", ""))
            for name in (one.get("name"), one.get("property"), one.get("itemprop")):
                if name and content:
                    found.setdefault(name.strip().lower(), content)
    return found


def _title(
    root: etree._Element, said: dict[str, str], headings: Sequence[str], known: Language
) -> str:
    """The heading that the title of the page is, with more behind it, such as the name of the site;
    the main heading where the name stands before it; else what the page says that its title is.
    """
    elements = (one for one in root.iter() if tag(one) == "title" and _in_head(one))
    whole = next((fold_line("".join(map(str, one.itertext()))) for one in elements), "")[:_LONGEST]
    for heading in headings:
        if _BEHIND.fullmatch(whole.casefold().removeprefix(heading.casefold())):
            return properties.title(heading, known)
    inner = properties.title(headings[0], known) if headings else ""
    if inner and _BEFORE.fullmatch(whole.casefold().removesuffix(inner.casefold())):
        return inner
    told = (properties.title(said.get(one, ""), known) for one in _TITLES)
    return next(filter(None, told), "") or properties.title(whole, known) or inner


def _in_head(element: etree._Element) -> bool:
    """Whether a title is that of the page, and not of a drawing in it."""
    parent = element.getparent()
    return parent is not None and tag(parent) in ("head", "html", "body")


def _address(root: etree._Element, said: dict[str, str]) -> str:
    links = (
        one.get("href", "").strip()
        for one in root.iter()
        if tag(one) == "link" and "canonical" in one.get("rel", "").lower().split()
    )
    told = (*links, said.get("og:url", ""))
    return next((one for one in told if _ADDRESS.match(one)), "")


def _first(said: dict[str, str], names: list[str]) -> str:
    return next((said[one][:200] for one in names if said.get(one)), "")
