"""A citation says its page twice: where it lies in the file, and as it is printed."""

from __future__ import annotations

import pytest
from printing import HEIGHT, LEFT, TOP, Press

from qa.cli import cited_place
from qa.records import Question
from qa.service.schemas import AskResponse

pytest_plugins = ["browser"]

FEET = ["iii", "iv", "1", "2"]
SAID = [
    "Otters swim at dawn.",
    "Herons fish at noon.",
    "Beavers build at dusk.",
    "Owls sing at midnight.",
]


def printed() -> bytes:
    press = Press()
    for foot, said in zip(FEET, SAID, strict=True):
        press.add_page()
        press.column(LEFT, TOP, [f"{said} They do so each day of the year, and all of them."])
        press.put(297, HEIGHT - 40, foot, size=9)
    return press.made()


@pytest.fixture
def cited(answerer_of):
    answerer = answerer_of({"animals.pdf": printed()})

    def ask(question):
        return AskResponse.of(answerer.ask(Question(question))).citations[0]

    return ask


def test_a_page_has_its_place_and_its_printed_number(cited):
    herons, owls = cited("herons fish at noon"), cited("owls sing at midnight")
    assert (herons.page, herons.page_label) == (2, "iv")
    assert (owls.page, owls.page_label) == (4, "2")
    assert cited_place(herons) == ", p. iv (page 2 of the file)"
    assert cited_place(owls) == ", p. 2 (page 4 of the file)"


def test_a_text_without_pages_has_no_page(answerer_of):
    answer = answerer_of({"a.txt": "Herons\n\nHerons fish at noon.\n"}).ask(Question("herons"))
    (citation,) = AskResponse.of(answer).citations
    assert (citation.page, citation.page_label, cited_place(citation)) == (None, None, "")


@pytest.mark.parametrize(
    ("page", "label", "said"),
    [
        (3, "3/14", "p. 3"),
        (3, None, "p. 3"),
        (3, "iii", "p. iii (page 3 of the file)"),
        (3, "1/14", "p. 1 (page 3 of the file)"),
        (None, None, ""),
    ],
)
def test_the_page_and_the_command_line_say_it_alike(cited, site, open_page, page, label, said):
    one = cited("owls sing at midnight").model_copy(update={"page": page, "page_label": label})
    assert cited_place(one) == (f", {said}" if said else "")
    browser = open_page(site.url)
    script = "one => import('/static/cite.js').then(({ placeOf }) => placeOf(one))"
    assert browser.evaluate(script, one.model_dump()) == said
