"""Documents of the United Nations: their identifiers, what is printed on their pages and says what
they are, and how their clauses begin."""

from __future__ import annotations

import re

from index.domains import un_masthead
from index.domains.domain import Domain
from index.domains.un_identifiers import bare_numbers, find, label

_BODIES = re.compile(
    r"\b(?:United Nations|Security Council|General Assembly|Human Rights Council|UNSCR?s?)\b"
)
_SERIES = ("A/", "E/", "S/", "ST/", "T/")
"""How the symbols begin that the principal organs and the Secretariat give."""
_PRINTER_MARK = re.compile(
    r"""(?x)^(?:
      \d{0,2}(?:/\d{1,2})? \d\d-\d{5} \d{0,2}(?:/\d{1,2})? (?:\([A-Z]\))? (?:/\.\.\.)?
    | \*\d{6,8}\*
    | /\.\.\.
    )$"""
)
"""The number of the job ("14-235462/6" is that of 14-23546 and page 2 of 6), that of the bar code,
and that the text goes on."""
_OPENING_CLAUSE = re.compile(
    r"(?!United\b)(?:[A-Z][a-z]+ly |[A-Z][a-z]+ )?[A-Z]?[a-z]+(?:ing|ed)\b"
)
"""How the clauses of a resolution begin ("Recalling", "Deeply concerned"), each a paragraph."""
_NO_TITLE = re.compile(
    r"""(?xi)^\W*(?:
      united\ nations | security\ council | general\ assembly | economic\ and\ social\ council
    | human\ rights\ council | secretariat | trusteeship\ council
    | (?:\w+\ ){0,2}(?:report|note)s?\ (?:of|by)\ the\ (?:secretary[-\ ]general | secretariat
        | president\ of\ the\ .{5,20} | board\ of\ auditors | high\ commissioner)
    | (?:[\w-]+\ ){1,2}(?:session|year|meeting) | (?:provisional\ )?agenda(?:\ items?\ .{0,40})?
    | items?\ \d.{0,60}
    )\W*$"""
)
_ACKNOWLEDGING = re.compile(
    r"^\W*(?:(?:further|also|again|deeply|strongly|fully|its|the|security|council) )*"
    r"(?:welcom|not(?:es|ing)\b|tak(?:es|ing) note|re-?affirm|recall|commend|stress|emphasi[sz]|"
    r"express|affirm|approv|endors|acknowledg|recogni[sz]|thank|pay|(?:decides to )?remain|"
    r"underlin|reiterat|considering|having|bearing|apprec|support|conscious|convinced|"
    r"concerned|mindful)",
    re.IGNORECASE,
)
_ASKS_IDENTIFIER = re.compile(
    r"\b(?:which|what)(?: (?!(?:does|do|did|is|are|was|were|has|have|the)\b)[\w-]+){0,4}"
    r" resolutions?\b(?! ?\d)|^\W*(?:the )?resolutions? (?:that|which)\b",
    re.IGNORECASE,
)
_KINDS = re.compile(r"\bres(?:olution)?s?\b|\bdecisions?\b|\bno\b", re.IGNORECASE)
_LEADS = re.compile(r"^[\s*_]*(?:(?:united nations )?security council |the )?$", re.IGNORECASE)
_PART = re.compile(r"(?<![\w/])\d{1,2}/\d{1,3} [A-Z](?![\w'’-])")
_TITLE_REST = frozenset({"", "resolution", "security council resolution"})
_REVISED = re.compile(r"(?:/(?:REV|CORR)\.\d+)+$")
_LONGEST_TITLE = 60


def _marks(text: str) -> int:
    """Identifiers that are the United Nations' beyond doubt; all of them where one of its bodies
    is named beside them."""
    found = find(text)
    if found and _BODIES.search(text):
        return len(found)
    ours = [one for one in found if one.key.startswith(_SERIES)]
    said = [(one, text[one.start : one.end]) for one in ours]
    # "453 (2008)" alone may be a volume of a journal.
    return sum(1 for one, words in said if "/" in words or (one.year and words[0].isalpha()))


def _is_page_mark(line: str) -> bool:
    """Whether ``line`` is the symbol of a document, or a mark of its printer."""
    if _PRINTER_MARK.match("".join(line.split())):
        return True
    if "/" not in line:
        return False
    found = find(line)
    return len(found) == 1 and found[0].end - found[0].start == len(line)


def _is_title(line: str) -> bool:
    """Such as "Resolution 1373 (2001)"."""
    if len(line) > _LONGEST_TITLE or not line[0].isupper() or "/" in line:
        return False
    found = find(line)
    if len(found) != 1 or found[0].year is None:
        return False
    rest = line[: found[0].start] + line[found[0].end :]
    return rest.lower().strip(" .*") in _TITLE_REST


def _family(key: str) -> str:
    """An addendum is a document of its own."""
    return _REVISED.sub("", key)


UN = Domain(
    "un",
    marks=_marks,
    identifiers=find,
    bare_numbers=bare_numbers,
    label=label,
    family=_family,
    kind="resolution",
    kinds=_KINDS,
    asks_identifier=_ASKS_IDENTIFIER,
    parts=_PART,
    leads=_LEADS,
    is_page_mark=_is_page_mark,
    is_title=_is_title,
    no_title=_NO_TITLE,
    opens_paragraph=_OPENING_CLAUSE,
    acknowledges=_ACKNOWLEDGING,
    masthead=un_masthead.read,
)
