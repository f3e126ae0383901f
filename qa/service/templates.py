"""The frame that pages made by the service share, and the page that stands in for an error."""

from __future__ import annotations

from html import escape

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Attest</title>
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/style.css">
{head}</head>
<body class="{kind}" id="top">
{body}
</body>
</html>
"""
_ERROR = """<header class="top"><a class="wordmark" href="/">Attest</a></header>
<main>
<h1>{heading}</h1>
<p class="about">{detail}</p>
<p class="about">{ways}</p>
<p class="about">Status {status}</p>
</main>"""
_SAID = {
    "unknown_document": (
        "No such document",
        "The collection has no document at this address. It may have been renamed or taken out "
        "since the link was made.",
    ),
    "not_found": ("Nothing here", "There is nothing at this address."),
}


def frame(title: str, kind: str, body: str, head: str = "") -> str:
    """A whole page. ``title`` is text; ``body`` and ``head`` are HTML."""
    return _FRAME.format(title=escape(title), kind=kind, body=body, head=head)


def error(status: int, code: str, title: str, detail: str, whole: str = "") -> str:
    """A page for people that says what a problem says to programs. ``whole`` is the address
    of the document that was meant, where only the range of it is wrong."""
    heading, said = _SAID.get(code, (title, f"{detail[:1].upper()}{detail[1:].rstrip('.')}."))
    ways = '<a href="/">Ask a question</a> · <a href="/#documents">See the documents</a>'
    if whole:
        ways = f'<a href="{escape(whole)}">Show the whole document</a> · {ways}'
    body = _ERROR.format(heading=escape(heading), detail=escape(said), ways=ways, status=status)
    return frame(heading, "error", body)
