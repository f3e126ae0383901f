"""The sentences of the seeds are those that a reader marked, all five documents through.

``data/seed_sentences.json`` was made by reading. It holds every sentence as it stands in the
file, each line of a list being one; headings, labels ("Members:"), list marks and what belongs
to the web page ("Photo © …", "Click here …") are left out. A footnote mark belongs to the
sentence that it stands behind. The lines that name reports and links are kept as lines.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import loaders, passages, sources
from index.domains import UN
from index.records import Document, Metadata

SEEDS = Path(__file__).parent.parent / "seeds"
MARKED: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "data" / "seed_sentences.json").read_text(encoding="utf-8")
)


def load(name: str) -> Document:
    source = sources.SourceFile(SEEDS / name, name, SEEDS)
    return loaders.load(source, Metadata(), set(), 2**20, lambda _: UN)


def test_every_seed_is_marked():
    assert sorted(MARKED) == sorted(path.name for path in SEEDS.glob("*.txt"))


@pytest.mark.parametrize("name", MARKED)
def test_the_sentences_are_those_that_a_reader_marked(name):
    document = load(name)
    found = [
        document.text[sentence.start : sentence.end]
        for passage in passages.split(document, passages.Limits(75, 120))
        for sentence in passage.sentences
    ]
    assert found == MARKED[name]


# What a reader passes over; the marks of lists ("-", "(a)") come besides.
LEFT_OUT = {
    "cted-counter-terrorism-in-cyberspace.txt": [
        "United Nations Security Council Counter-Terrorism Committee Executive Directorate (CTED)",
        "COUNTER-TERRORISM IN CYBERSPACE",
        "CTC ASSESSMENT VISITS OF MEMBER STATES",
        "WORK WITH THE PRIVATE SECTOR",
        "COUNTERING VIOLENT EXTREMISM AND TERRORIST NARRATIVES",
        "DIGITAL EVIDENCE",
        "DATA PROTECTION AND PRIVACY",
        "ONLINE INVESTIGATIONS",
        "ARTIFICIAL INTELLIGENCE",
        "PROTECTION OF CRITICAL INFRASTRUCTURE",
        "NEW FINANCIAL INSTRUMENTS",
    ],
    "cted-ict4peace-private-sector.txt": ["Please view this site in landscape mode."],
    "ctitf-working-group-internet.txt": [
        "Welcome to the United Nations. It's your world.",
        "Counter-Terrorism Implementation Task Force",
        "Working Group on Countering the Use of the Internet for Terrorist Purposes",
        "United Nations Global Counter-Terrorism Strategy:",
        "Photo © Shutterstock Images",
        "CTITF Entities:",
    ],
    "ctitf-working-group-profile.txt": [
        "Countering the Use of the Internet for Terrorist Purposes",
        "Website:",
        "Members:",
        "Additional Partners:",
        "Purpose:",
    ],
    "unodc-use-of-internet-tool.txt": [
        "Countering the Use of the Internet for Terrorist Purposes",
        "Click here to consult The Use of the Internet for Terrorist Purposes.",
    ],
}


@pytest.mark.parametrize("name", MARKED)
def test_the_marked_sentences_leave_out_only_headings_and_the_page(name):
    # Holds the list itself to account: it is in order, and misses nothing of the text.
    text = (SEEDS / name).read_text(encoding="utf-8")
    rest, position = [], 0
    for sentence in MARKED[name]:
        start = text.index(sentence, position)
        rest += text[position:start].split("\n")
        position = start + len(sentence)
    rest += text[position:].split("\n")
    assert [line.strip() for line in rest if line.strip() not in {"", "-", "(a)", "(b)"}] == (
        LEFT_OUT[name]
    )
