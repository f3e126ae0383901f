"""The first promise: whatever is indexed and asked, what is cited stands where it is said to."""

from __future__ import annotations

import hashlib
import itertools
import re
import tempfile
from pathlib import Path

from conftest import WordEncoder
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from indexed import rows

from index import generation
from index.build import build
from index.config import IndexSettings
from index.errors import NothingToIndex
from index.generation import Generation
from qa.answer.verify import Claim, verify
from qa.pipeline import Answerer
from qa.records import Question
from qa.settings import ServiceSettings

# Every character there is but halves of pairs, which UTF-8 does not have, and NUL, which makes
# a file binary; and beside them, far more often, what steps of indexing look for.
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\0")
WORDS = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=8),
    st.text(st.characters(categories=("L", "Mn", "Mc", "Nd")), min_size=1, max_size=8),
    st.sampled_from(
        """Resolution 2462 (2019) S/RES/2396 CTED Directorate the of e\u0301 a\u0323\u0302
        \u0928\u093f \U0001f6a2 \U00020000 <b>bold</b> &amp; <!-- --> <script> **strong** [1]
        ¹² No. e.g. U.N. «quoted» “curly” it's 3.14 Mr. (a) — … \u200d \ufeff \u202e \xad
        安全。 理事会 الأمن؟ Ελλάδα İstanbul ﬁne ǅ ß""".split()
    ),
)
ENDS = st.sampled_from(
    [" ", " ", " ", ". ", "? ", "! ", "; ", ", ", ": ", ".\n", ".” ", "\t", "  "]
)
BREAKS = st.sampled_from(
    ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n \t\n", "\u2028", "\u2029", "\x85", "\x0c", "\v"]
)
LEADS = st.sampled_from(
    ["", "", "", "# ", "## ", "- ", "* ", "1. ", "(a) ", "> ", "    ", "\t", "```"]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A document of some lines: headings, items, paragraphs, and blanks of every kind."""
    parts = [draw(st.sampled_from(["", "", "\ufeff", "\n", "\r\n \r\n"]))]
    for _ in range(draw(st.integers(1, 8))):
        parts.append(draw(LEADS))
        for word in draw(st.lists(WORDS, min_size=1, max_size=25)):
            parts += [word, draw(ENDS)]
        parts.append(draw(BREAKS))
    return "".join(parts)


NAMES = st.sampled_from(["a.txt", "b.md", "sub/c.txt", "Ærø.txt"])
COLLECTIONS = st.dictionaries(NAMES, texts(), min_size=1, max_size=3)


def assert_attested(opened: Generation, files: dict[str, str], questions: list[str]) -> None:
    database = opened.database
    stored: dict[str, str] = {}
    for entry in database.documents():
        stored[entry.id] = database.text(entry.id) or ""
        assert stored[entry.id] == files[entry.source]
        assert entry.sha256 == hashlib.sha256(files[entry.source].encode()).hexdigest()
        assert entry.characters == len(files[entry.source])
    for passage in database.passages(rows(opened)):
        text = stored[passage.document.id]
        assert text[passage.start : passage.end] == passage.text
        places = opened.tokens.sentences(passage.row)[:, :2].tolist()
        assert [places[0][0], places[-1][1]] == [passage.start, passage.end]
        assert all(start < end for start, end in places)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(places))
    answerer = Answerer(opened, WordEncoder(), ServiceSettings(threshold=0))
    for question in questions:
        answer = answerer.ask(Question(question, top_k=50))
        assert bool(answer.citations) != bool(answer.refusal)
        cited = [(one.passage, one.start, one.end, one.text) for one in answer.citations]
        ranked = [one.passage for one in answer.passages]
        shown = [(one, one.start, one.end, one.text) for one in ranked]
        for passage, start, end, text in (*cited, *shown):
            assert text
            assert stored[passage.document.id][start:end] == text
        for one in answer.citations:
            claim = Claim(one.passage.document.id, one.start, one.end, one.text)
            assert verify(claim, database).status == "verified"


@given(collection=COLLECTIONS, earlier=texts(), data=st.data())
@settings(
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_every_passage_and_citation_is_a_slice_of_its_document(collection, earlier, data):
    files = {name: text.replace("\0", "") for name, text in collection.items()}
    words = sorted({word for text in files.values() for word in re.findall(r"\w+", text)})
    assume(words)
    chosen = st.lists(st.sampled_from(words), min_size=1, max_size=6).map(" ".join)
    questions = data.draw(st.lists(chosen, min_size=1, max_size=3), label="questions")
    with tempfile.TemporaryDirectory() as place:
        folder, encoder = Path(place) / "documents", WordEncoder()
        # Short passages, so that there are several, and sentences long enough to be cut.
        limits = IndexSettings(data=Path(place) / "var", passage_min_words=3, passage_max_words=10)

        def index() -> Generation:
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
            build([folder], limits, lambda _: encoder)
            return generation.open_current(limits.data)

        try:
            opened = index()
        except NothingToIndex:
            assume(False)
        assert_attested(opened, files, questions)
        # Now all of it moves, and its vectors are taken from the former index.
        name = min(files)
        files[name] = f"{earlier}\n\n{files[name]}"
        try:
            moved = index()
        except NothingToIndex:
            assume(False)
        assert_attested(moved, files, questions)
