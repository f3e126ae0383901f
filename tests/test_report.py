"""The report in a real browser: figures, filters, replies with their marks, two runs held
together, paper, and that neither markup nor addresses get through."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from eval import metrics, report, report_rows, resampling
from eval.errors import BadRun
from eval.recipe import Recipe
from eval.records import Case, Gold, Place, Ranked, Reply, Result, Span, half_of
from eval.report_figures import found
from eval.summary import BY_NAME
from eval.tables import figure
from qa.records import Turn

pytest_plugins = ["browser"]
browser = pytest.mark.browser

HOSTILE = (
    "</script><script>window.ran = true</script><!-- <script> ]]> "
    "<img src=x onerror='window.ran = true'> <b>bold</b> &amp; \u2028 \x00 \x1b[31m \u202e end"
)
SHOWN = HOSTILE.replace("\x00", "␀").replace("\x1b", "␛")
# The bee is one code point but two of JavaScript's characters.
TEXT = "Bees 🐝🐝 visit in spring. A canal waters the orchard. Boats stay in harbour."
QUOTE = "A canal waters the orchard."
START = TEXT.index(QUOTE)
BASE = 100
"""Where the passage begins in its document."""
INK = "const ink = (node) => getComputedStyle(node)[node.closest('svg') ? 'fill' : 'color'];"
CONTRAST = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !holder.checkVisibility()) continue;
    const levels = [parse(getComputedStyle(holder).color), behind(holder)].map(luminance);
    const ratio = (Math.max(...levels) + 0.05) / (Math.min(...levels) + 0.05);
    if (ratio < 4.5) faint.push([walker.currentNode.data, ratio]);
  }
  return faint;
}"""

CONTRAST_OF_PLOTS_TOO = CONTRAST.replace("() => {", f"() => {{ {INK}", 1).replace(
    "getComputedStyle(holder).color", "ink(holder)"
)


def place(quote, text=TEXT, document="orchard", base=BASE):
    start = base + text.index(quote)
    return Place(document, start, start + len(quote), quote)


def passage(text=TEXT, document="orchard", title="The Orchard", base=BASE):
    return Ranked(Place(document, base, base + len(text), text), 1.5, title)


def result(id, outcome="right", **fields):
    """A question that comes to ``outcome``; ``fields`` are of the case or of the reply."""
    answerable = outcome in {"right", "wrong", "declined", "error"}
    answered = outcome in {"right", "wrong", "wrongly answered"}
    quote = place("Boats stay in harbour." if outcome == "wrong" else QUOTE)
    case = Case(
        id=id,
        question=f"What waters {id}?",
        answerable=answerable,
        kind="fact" if answerable else "off-topic",
        gold=((Span("orchard", QUOTE),),) if answerable else (),
        accepted=(("a canal", "canals"),) if answerable else (),
    )
    reply = Reply(
        answered=answered,
        confidence=0.8 if answered else 0.1,
        citations=(quote,) if answered else (),
        considered=(quote,),
        passages=(passage("Frogs.", base=0), passage()),
        interpreted_as=case.question,
        reason="" if answered else "low_confidence",
        message="" if answered else "No passage is clear enough.",
        milliseconds=40.0,
    )
    if outcome == "error":
        reply = Reply(False, 0.0, error="the service is still loading")
    known = set(Case.__dataclass_fields__)
    case = replace(case, **{name: value for name, value in fields.items() if name in known})
    said = {name: value for name, value in fields.items() if name not in known}
    return Result(case, ((Gold(place(QUOTE)),),) if answerable else (), replace(reply, **said))


def recipe(name="first", **fields):
    made = Recipe(
        name=name,
        questions="orchard.jsonl",
        questions_digest="ab" * 32,
        count=8,
        half="all",
        top_k=10,
        asked="in process",
        clients=1,
        index={"generation": "gen-000007", "fingerprint": "f1f1f1f1"},
        settings={"threshold": 0.25},
        code="c0dec0de",
        commit="abc123abc123+",
        machine="2 cores of Abacus",
        versions={"torch": "2.13.0"},
        started="2026-11-22T09:31:57+00:00",
        seconds=17.2,
        finished=True,
    )
    return replace(made, **fields)


RESULTS = [
    result("apples"),
    result("pears", "wrong", confidence=0.3, milliseconds=90.0),
    result("plums", "declined", kind="paraphrase"),
    result("moon", "rightly declined", confidence=0.05),
    result("mars", "wrongly answered", confidence=0.6),
    result("cherries", "error"),
    result("figs", kind="paraphrase", confidence=0.9, note="A note on figs.",
           history=(Turn("Who waters?", "A gardener does."),),
           interpreted_as="What canal waters figs?"),
    result("hostile", question=HOSTILE, kind=HOSTILE, note=HOSTILE, interpreted_as=f"! {HOSTILE}",
           history=(Turn(HOSTILE, HOSTILE),), documents=(HOSTILE,), accepted=((HOSTILE,),),
           passages=(passage(HOSTILE, HOSTILE, HOSTILE, 0),),
           citations=(place("<b>bold</b>", HOSTILE, HOSTILE, 0),)),
]  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Writes a report of the given runs; returns its address. Few resamples: it is quick."""
    folder = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resampling, "RESAMPLES", 40)
        patch.setattr(resampling, "SWAPS", 40)

        def write(name, *runs):
            path = folder / name / "report.html"
            report.write(path, runs)
            return path

        yield write


@pytest.fixture(scope="module")
def one(written):
    return written("one", (recipe(), RESULTS))


@pytest.fixture(scope="module")
def two(written):
    better = [result("pears") if one.case.id == "pears" else one for one in RESULTS]
    better = [one for one in better if one.case.id != "moon"]
    other = recipe("second", count=7, settings={"threshold": 0.5})
    return written("two", (recipe(), RESULTS), (other, better))


def ids(page):
    """Ids of the questions that are shown, by the words of their rows."""
    shown = page.locator("tr.row .asked").all_inner_texts()
    known = {one.case.question.replace(HOSTILE, SHOWN): one.case.id for one in RESULTS}
    tidy = {" ".join(question.split()): id for question, id in known.items()}
    return [tidy[" ".join(text.split())] for text in shown]


def opened(page, id):
    """Opens a question; returns its row of details."""
    page.get_by_label("Search").fill(id)
    button = page.locator("button.opener").first
    button.click()
    return page.locator(f"[id='{button.get_attribute('aria-controls')}']")


# The file


def test_the_file_names_no_address_outside_itself(one):
    text = one.read_text()
    before_data = text[: text.index('id="data"')]
    assert re.findall(r"(?:src|href)=\"(?!#|data:,)[^\"]*", before_data) == []
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


def test_the_data_can_neither_end_nor_comment_out_their_element():
    scored = metrics.score(RESULTS)
    written = report_rows.to_json([(HOSTILE, RESULTS, scored)])
    assert "<" not in written
    read = json.loads(written)
    assert (read["runs"][0]["name"], read["runs"][0]["rows"][-1]["question"]) == (HOSTILE, HOSTILE)


def test_a_text_is_kept_once_however_often_it_is_ranked():
    written = report_rows.to_json([("a", RESULTS, metrics.score(RESULTS))])
    assert written.count("Bees") == 1


def test_half_a_surrogate_pair_stops_nothing(written):
    path = written("surrogate", (recipe("a\ud800"), [result("apples", note="\udc00")]))
    assert "a\\ud800" in path.read_text()


def test_runs_with_nothing_in_common_are_not_held_against_each_other(written):
    with pytest.raises(BadRun):
        written("apart", (recipe(), [result("apples")]), (recipe("b"), [result("pears")]))


def test_thousands_of_questions_make_a_small_file(written):
    many = [result(f"apples {number}") for number in range(330)]
    assert written("many", (recipe(count=330), many)).stat().st_size < 400_000


# Figures


@browser
def test_the_head_says_what_the_figures_were_made_of(one, open_page):
    page = open_page(one.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Evaluation of first")
    page.get_by_text("What the figures were made of").click()
    facts = page.locator("dl").first
    for fact in ("gen-000007", "f1f1f1f1", "abc123abc123+", "2 cores of Abacus", "torch 2.13.0",
                 "threshold 0.25", "22 November 2026 at 09:31 UTC", "17 seconds"):  # fmt: skip
        expect(facts).to_contain_text(fact)


@browser
def test_a_run_that_was_not_finished_says_so(written, open_page):
    page = open_page(written("cut", (recipe(count=9, finished=False), RESULTS)).as_uri())
    page.get_by_text("What the figures were made of").click()
    expect(page.locator(".notice")).to_have_text("Not finished: 8 of 9 questions asked.")


@browser
def test_a_card_says_its_figure_interval_and_meaning(one, open_page):
    card = open_page(one.as_uri()).locator(".cards:visible li").filter(has_text="right").first
    value = found(metrics.score(RESULTS))["right"].value
    expect(card.locator(".figure")).to_have_text(figure(BY_NAME["right"], value))
    expect(card.locator(".interval")).to_have_text(re.compile(r"^0\.\d{3} to \d\.\d{3}$"))
    expect(card).to_contain_text("Higher is better")


@browser
def test_a_switch_turns_figures_and_questions_to_a_half(one, open_page):
    page = open_page(one.as_uri())
    assert {one.case.half for one in RESULTS} == {"tune", "test"}
    for half in ("test", "tune"):
        page.get_by_role("radio", name=half).press("Space")
        those = [one for one in RESULTS if one.case.half == half]
        value = found(metrics.score(those))["right"].value
        shown = page.locator(".cards:visible .figure").first
        expect(shown).to_have_text(figure(BY_NAME["right"], value))
        assert ids(page) == [one.case.id for one in those]
        expect(page.get_by_role("status")).to_have_text(f"{len(those)} of 8 questions")


@browser
def test_a_run_of_one_half_has_no_switch(written, open_page):
    tuned = [one for one in RESULTS if one.case.half == "tune"]
    page = open_page(written("half", (recipe(half="tune"), tuned)).as_uri())
    expect(page.get_by_role("radio")).to_have_count(0)
    assert ids(page) == [one.case.id for one in tuned]


@browser
def test_every_plot_is_described_and_every_outcome_counted(one, open_page):
    page = open_page(one.as_uri())
    for said in ("Risk-coverage curve", "Reliability diagram", "Times: half", "Bars: all (6)"):
        expect(page.get_by_role("img", name=said).first).to_be_visible()
    legend = page.locator(".legend:visible li")
    assert [text.split()[0] for text in legend.locator("b").all_inner_texts()] == list("211211")


@browser
def test_an_outcome_leads_to_its_questions(one, open_page):
    page = open_page(one.as_uri())
    page.locator(".legend:visible").get_by_role("link", name="wrongly answered").press("Enter")
    assert ids(page) == ["mars"]
    expect(page.get_by_role("combobox", name="Outcome")).to_have_value("=wrongly answered")


@browser
def test_what_cannot_be_checked_is_not_called_wrong(written, open_page):
    document = ((Gold(place(QUOTE), whole=True),),)
    one = replace(result("apples", accepted=()), gold=document)
    page = open_page(written("beir", (recipe(), [one])).as_uri())
    expect(page.locator("tr.row .outcome")).to_have_text("answered")


# Questions


@browser
def test_every_question_is_listed_with_its_outcome_in_words_and_shape(one, open_page):
    page = open_page(one.as_uri())
    assert ids(page) == [one.case.id for one in RESULTS]
    outcomes = page.locator("tr.row .outcome")
    words = outcomes.all_inner_texts()
    assert words == ["right", "wrong", "declined", "rightly declined", "wrongly answered", "error",
                     "right", "wrong"]  # fmt: skip
    shapes = outcomes.locator("use").evaluate_all(
        "(all) => all.map((one) => document.querySelector(one.getAttribute('href')).innerHTML)"
    )
    assert len(set(zip(words, shapes, strict=True))) == len(set(shapes)) == 6


@browser
def test_filters_narrow_together_and_are_cleared_together(one, open_page):
    page = open_page(one.as_uri())
    page.get_by_role("combobox", name="Kind").select_option("paraphrase")
    assert ids(page) == ["plums", "figs"]
    page.get_by_role("combobox", name="Outcome").select_option("right")
    assert ids(page) == ["figs"]
    expect(page.get_by_role("status")).to_have_text("1 of 8 questions")
    page.get_by_label("Search").fill("pears")
    assert ids(page) == []
    expect(page.get_by_role("status")).to_contain_text("0 of 8 questions. Clear a filter")
    page.get_by_role("button", name="Clear").click()
    assert len(ids(page)) == 8
    expect(page.get_by_label("Search")).to_have_value("")


@browser
@pytest.mark.parametrize(
    ("words", "sought"),
    [
        ("FIGS", ["figs"]),
        ("a gardener", ["figs"]),
        ("harbour stay", ["pears"]),
        ("still loading", ["cherries"]),
        ("clear enough", ["plums", "moon"]),
        ("onerror", ["hostile"]),
    ],
)
def test_a_search_looks_through_questions_replies_and_notes(one, open_page, words, sought):
    page = open_page(one.as_uri())
    page.get_by_label("Search").fill(words)
    assert ids(page) == sought


@browser
def test_a_head_sorts_and_sorts_the_other_way(one, open_page):
    page = open_page(one.as_uri())
    head = page.get_by_role("columnheader", name="Confidence")
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    by_rise = sorted(RESULTS, key=lambda one: one.reply.confidence)
    assert ids(page) == [one.case.id for one in by_rise]
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    by_fall = sorted(RESULTS, key=lambda one: -one.reply.confidence)
    assert ids(page) == [one.case.id for one in by_fall]
    expect(page.get_by_role("columnheader", name="No.")).to_have_attribute("aria-sort", "none")


@browser
def test_rows_come_a_page_at_a_time_and_the_focus_goes_on_with_them(written, open_page):
    many = [result(f"apples {number}") for number in range(120)]
    page = open_page(written("pages", (recipe(count=120), many)).as_uri())
    rows = page.locator("tr.row")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Show 50 more of 70").click()
    expect(rows).to_have_count(100)
    expect(rows.nth(50).get_by_role("button")).to_be_focused()
    page.get_by_role("button", name="Show 20 more of 20").click()
    expect(rows).to_have_count(120)
    expect(page.get_by_role("button", name="more of")).to_have_count(0)


@browser
def test_a_question_opens_and_closes_by_keyboard(one, open_page):
    page = open_page(one.as_uri())
    button = page.get_by_role("button", name="What waters apples?")
    detail = page.locator(f"[id='{button.get_attribute('aria-controls')}']")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(detail).to_be_hidden()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(detail).to_contain_text("Accepted short answers")
    button.press("Space")
    expect(detail).to_be_hidden()


@browser
def test_what_is_open_stays_open_while_others_are_filtered_away(one, open_page):
    page = open_page(one.as_uri())
    opened(page, "figs")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("button[aria-expanded=true]")).to_have_text("What waters figs?")


@browser
def test_the_quote_is_marked_at_its_characters_in_its_passage(one, open_page):
    detail = opened(open_page(one.as_uri()), "apples")
    quoted = detail.locator(".quoted blockquote")
    assert quoted.evaluate("node => node.textContent") == TEXT
    expect(quoted.locator("mark")).to_have_count(1)
    assert quoted.locator("mark").evaluate("node => node.textContent") == QUOTE
    before = "node => node.querySelector('mark').previousSibling.textContent"
    assert quoted.evaluate(before) == TEXT[:START]
    expect(quoted.locator("mark .gold")).to_have_text(QUOTE)


@browser
def test_quotes_that_overlap_are_one_mark_and_gold_is_underlined_where_it_is_not_quoted(
    written, open_page
):
    quotes = (place("visit in spring. A"), place("spring. A canal"), place("Boats"))
    path = written("overlap", (recipe(), [result("apples", citations=quotes)]))
    quoted = opened(open_page(path.as_uri()), "apples").locator(".quoted blockquote")
    texts = "all => all.map((one) => one.textContent)"
    assert quoted.locator("mark").evaluate_all(texts) == ["visit in spring. A canal", "Boats"]
    assert quoted.locator(".gold").evaluate_all(texts) == ["A canal", " waters the orchard."]


@browser
def test_a_quote_of_no_passage_stands_for_itself(written, open_page):
    alone = result("apples", passages=())
    detail = opened(open_page(written("alone", (recipe(), [alone])).as_uri()), "apples")
    expect(detail.locator(".quoted blockquote")).to_have_text(QUOTE)
    expect(detail.locator(".quoted mark")).to_have_text(QUOTE)


@browser
def test_beside_the_reply_stands_what_was_sought_and_where_it_was_ranked(one, open_page):
    detail = opened(open_page(one.as_uri()), "pears")
    sought = detail.locator(".sides > section").nth(1)
    expect(sought.locator("blockquote")).to_have_text(QUOTE)
    expect(sought.locator("figcaption")).to_contain_text("The Orchard")
    expect(sought).to_contain_text("First stated by passage 2.")
    expect(sought.locator(".accepted")).to_contain_text("a canal or canals is not in the quotes")
    ranked = detail.locator(".ranking > li")
    expect(ranked.nth(0)).not_to_contain_text("states gold")
    for tag in ("The Orchard", "states gold", "quoted"):
        expect(ranked.nth(1)).to_contain_text(tag)
    expect(detail.locator("dl.figures")).to_contain_text("Success@1")


@browser
def test_a_refusal_says_why_and_what_was_weighed(one, open_page):
    detail = opened(open_page(one.as_uri()), "plums")
    expect(detail.locator(".refusal")).to_contain_text("too little confidence")
    expect(detail.locator(".refusal")).to_contain_text("No passage is clear enough.")
    expect(detail.get_by_role("heading", name="Weighed, but not given")).to_be_visible()
    expect(detail.locator(".quoted mark")).to_have_text(QUOTE)


@browser
def test_an_error_and_the_unanswerable_say_what_they_are(one, open_page):
    page = open_page(one.as_uri())
    expect(opened(page, "cherries")).to_contain_text("the service is still loading")
    expect(opened(page, "mars")).to_contain_text("Nothing: the documents do not say.")


@browser
def test_a_follow_up_shows_its_history_its_reading_and_its_note(one, open_page):
    detail = opened(open_page(one.as_uri()), "figs")
    for said in ("Who waters?", "A gardener does.", "Read as What canal waters figs?",
                 "A note on figs.", f"figs, half “{half_of('figs')}”"):  # fmt: skip
        expect(detail).to_contain_text(said)


# Hostile input


@browser
def test_markup_is_text_wherever_it_comes_from(written, open_page, watch):
    wild = recipe(HOSTILE, machine=HOSTILE, commit=HOSTILE, started=HOSTILE, questions=HOSTILE,
                  settings={HOSTILE: HOSTILE}, index={"generation": HOSTILE})  # fmt: skip
    flipped = [result("hostile", question=HOSTILE, kind=HOSTILE, message=HOSTILE)]
    path = written("wild", (wild, RESULTS), (wild, flipped))
    page = open_page(path.as_uri())
    detail = opened(page, "hostile")
    detail.locator("summary").first.click()
    for text in detail.locator(":is(.history dd, .quoted blockquote)").all():
        assert text.evaluate("node => node.textContent") == SHOWN
    assert detail.locator("mark").first.evaluate("node => node.textContent") == "<b>bold</b>"
    page.locator("details.flips summary").locator("visible=true").click()
    assert page.locator("h1").evaluate("node => node.textContent").count(SHOWN) == 2
    assert page.evaluate("window.ran") is None
    assert page.locator("script").count() == 2
    assert page.locator(":is(img, iframe, body b:has(*))").count() == 0
    assert watch.errors == []


@browser
def test_no_request_leaves_the_file_and_nothing_is_complained_of(two, open_page, watch):
    page = open_page(two.as_uri())
    opened(page, "apples")
    page.get_by_label("Run").select_option("second")
    page.get_by_role("radio", name="test").press("Space")
    page.pdf()
    assert watch.errors == []
    assert watch.requested == [two.as_uri()]


@browser
def test_the_policy_lets_nothing_else_act(one, open_page, watch):
    page = open_page(one.as_uri())
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
    }""")
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in said for said in watch.errors)


# Several runs


@browser
def test_two_runs_are_held_against_each_other(two, open_page):
    page = open_page(two.as_uri())
    section = page.locator("#comparison .panel:visible")
    expect(section).to_contain_text("7 questions in common. Only in first: 1.")
    row = section.get_by_role("row", name=re.compile(r"^right \d"))
    expect(row).to_contain_text("0.333")
    expect(row).to_contain_text("0.500")
    expect(row).to_contain_text("+0.167 [")
    page.get_by_text("What the figures were made of").click()
    expect(page.locator(".notice")).to_have_text("Made otherwise than first: settings.")


@browser
def test_a_flipped_question_leads_to_its_reply_in_the_second_run(two, open_page):
    page = open_page(two.as_uri())
    page.get_by_text("Flipped questions: 1 gained, 0 lost").locator("visible=true").click()
    flipped = page.locator(".flips:visible tbody tr")
    expect(flipped).to_have_count(1)
    for said in ("▲ gained", "Boats stay in harbour.", QUOTE):
        expect(flipped).to_contain_text(said)
    flipped.get_by_role("link", name="pears").click()
    assert ids(page) == ["pears"]
    expect(page.get_by_label("Run")).to_have_value("1")
    expect(page.locator("tr.row .outcome")).to_have_text("right")


@browser
def test_the_choice_of_a_run_turns_its_figures_and_questions(two, open_page):
    page = open_page(two.as_uri())
    first = page.locator(".cards:visible .figure").first.inner_text()
    page.get_by_label("Run").select_option("second")
    expect(page.locator(".cards:visible .figure").first).not_to_have_text(first)
    assert "moon" not in ids(page)


def test_runs_of_one_name_are_told_apart(written):
    path = written("same", (recipe("a"), RESULTS[:1]), (recipe("a"), RESULTS[:1]))
    assert "Evaluation of a (1), a (2)" in path.read_text()


# Looks


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_of_wcag_aa(two, open_page, scheme):
    page = open_page(two.as_uri(), color_scheme=scheme)
    page.locator("details.recipes summary").click()
    page.locator("details.flips summary").locator("visible=true").click()
    for button in page.locator("button.opener").all():
        button.click()
    for summary in page.locator(".ranking summary").all():
        summary.click()
    assert page.evaluate(CONTRAST_OF_PLOTS_TOO) == []
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper) == "rgb(251, 251, 249)"
    assert light == (scheme == "light")


@browser
@pytest.mark.parametrize("width", [320, 1920])
def test_nothing_is_wider_than_the_window(two, open_page, width):
    page = open_page(two.as_uri(), viewport={"width": width, "height": 700})
    for summary in page.locator("summary").locator("visible=true").all():
        summary.click()
    for button in page.locator("button.opener").all():
        button.click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


NAME = """(node) =>
  (node.ariaLabel || node.labels?.[0]?.innerText || node.innerText).split("\\n")[0].trim()"""
OUTLINED = """(node) => [node, node.nextElementSibling].some(
  (one) => one && getComputedStyle(one).outlineStyle !== "none")"""


@browser
def test_every_control_has_a_name_and_can_be_seen_to_have_the_focus(two, open_page):
    page = open_page(two.as_uri())
    page.locator("details.recipes summary").focus()
    names = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        name = focused.evaluate(NAME)
        names.add(name)
        assert focused.evaluate(OUTLINED)
        if name == "What waters apples?":
            break
    assert {"Run", "all", "Search", "Kind", "Outcome", "Clear", "Confidence"} <= names
    assert "" not in names


# Paper


@browser
def test_on_paper_every_question_that_the_filters_let_through_is_spelled_out(written, open_page):
    many = [result(f"apples {n}", "right" if n % 2 else "wrong") for n in range(120)]
    page = open_page(written("paper", (recipe(count=120), many)).as_uri(), color_scheme="dark")
    page.get_by_role("combobox", name="Outcome").select_option("right")
    page.evaluate("""addEventListener("beforeprint", () => {
      window.printed = document.querySelectorAll("tr.detail:not([hidden]) mark").length;
      window.shut = document.querySelectorAll("details.recipes:not([open])").length;
    })""")
    page.pdf()
    assert page.evaluate("window.printed") >= 60
    assert page.evaluate("window.shut") == 0
    expect(page.locator("tr.row")).to_have_count(50)
    expect(page.locator("tr.detail:visible")).to_have_count(0)


@browser
def test_on_paper_there_are_no_controls_and_no_darkness(one, open_page):
    page = open_page(one.as_uri(), color_scheme="dark")
    page.emulate_media(media="print")
    for hidden in (".bar", ".filters", "#more", ".chevron >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_text("Run first: all questions.")).to_be_visible()
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 32, 36)"
