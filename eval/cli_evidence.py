"""``attest eval evidence``: how complete, and how exact, evidence is."""

from __future__ import annotations

from eval.console import Markdown, OfHalf, Set, guarded, half_of, print_table, progress_bar
from index.main import fail


def evidence(questions: Set, half: OfHalf = "all", markdown: Markdown = False) -> None:
    """Collect the evidence on each question and compare it with the gold.

    A gold group of grade 2 must be found; one of grade 1 is neither wanted nor wrong. Recall,
    precision and the recall that the service itself estimates are means over questions.
    """
    from eval import cases, tables
    from eval.evidence import measure
    from index.config import IndexSettings, read
    from qa.service.server import open_answerer
    from qa.settings import ServiceSettings

    with guarded(), progress_bar() as bar:
        asked = cases.of_half(cases.load(questions), half_of(half))
        if not asked:
            raise fail(f"{questions} has no question of the {half} half")
        answerer = open_answerer(read(IndexSettings), read(ServiceSettings))
        task = bar.add_task("collecting", total=len(asked))
        found = [
            *measure(
                asked, answerer, lambda done, total: bar.update(task, completed=done, total=total)
            )
        ]
    print_table(tables.evidence(found), markdown)
