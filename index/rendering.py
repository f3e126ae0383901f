"""A text as a reader sees it once its mark-up is rendered, for looking words up.

Emphasis may stand within a word, a link between the words of a phrase, and an entity for a letter.
"""

from __future__ import annotations

import html
import re

_MARKED = re.compile(r"[*_`<&\[~]")
_LINK = re.compile(
    r"!?\[([^\[\]\n]{1,300})\]\((?=[^()\s]*[/.#])[^()\n]{0,500}(?:\([^()\n]*\)[^()\n]*)*\)"
)
_RAISED = re.compile(r"(?<=[^\W\d_])[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+(?![^\W_])")
"""Small raised digits after a word: the marks of notes."""
_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|code|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|tt|u)(?:\s[^<>]*)?/?>",
    re.I,
)
_EMPHASIS = re.compile(r"(?<!\d)[*`~]+(?=\w)|(?<=\w)[*`~]+(?!\d)|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")


def rendered(text: str) -> str:
    """``text`` without emphasis, inline tags, the targets of links and the marks of footnotes, with
    letters for entities. What has no mark-up is the same."""
    if not text.isascii():
        text = _RAISED.sub("", text)
    if not _MARKED.search(text):
        return text
    plain = _LINK.sub(r"\1", _NOTE.sub("", text))
    plain = _EMPHASIS.sub("", _TAG.sub("", plain))
    return html.unescape(plain) if "&" in plain else plain
