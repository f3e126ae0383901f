"""The page of one document, with the cited range marked in its own text."""

from __future__ import annotations

from html import escape

from index.catalogue import DocumentEntry

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/static/style.css">
</head>
<body class="document">
<header><a href="/">Attest</a></header>
<main>
<h1>{title}</h1>
<p class="about">{about}</p>
{notice}
<article class="text" dir="auto">{text}</article>
</main>
</body>
</html>
"""


def render(entry: DocumentEntry, text: str, start: int | None, end: int | None) -> str:
    """HTML of the document; every character of ``text`` enters it escaped.

    A range that the document does not have marks nothing, and the page says so.
    """
    notice = ""
    marked = escape(text)
    if start is not None or end is not None:
        if start is not None and end is not None and 0 <= start < end <= len(text):
            cited = f'<mark id="cited">{escape(text[start:end])}</mark>'
            marked = escape(text[:start]) + cited + escape(text[end:])
            notice = '<p><a href="#cited">Go to the cited words</a></p>'
        else:
            notice = (
                '<p class="notice" role="status">The address asks for a range that this '
                f"document does not have; it has {len(text):,} characters. Nothing is marked.</p>"
            )
    parts = [entry.publisher, entry.date, entry.source, f"{len(text):,} characters"]
    about = " · ".join(escape(part) for part in parts if part)
    return _PAGE.format(title=escape(entry.title), about=about, notice=notice, text=marked)
