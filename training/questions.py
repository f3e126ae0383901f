"""Trains how both encoders read questions, and writes their updates (index/data/questions-*.npz).

usage: python -m training.questions [options] INDEX [INDEX ...]

INDEX is the folder of an index over documents that training/pairs asks about: seeds/,
training/documents/, the Security Council resolutions (all of them: a question is told from the
passages of the others). Build it with ATTEST_DENSE_MODEL=bge-small-en-v1.5. Questions of the half
`tune` of a SQuAD set, less a quarter kept for the confidence, are added by --squad. Seven minutes
on two cores that have bfloat16 arithmetic. Then fit the head anew: training/pooling.py. The
recipe: docs/training.md.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator
from pathlib import Path

import torch

from eval import cases
from eval.records import is_held_out
from index import encoder, generation, packaged, query_adapter
from index.config import IndexSettings
from index.encoder import Encoder
from index.generation import Generation
from index.packaged import PackagedModel
from qa.pipeline import Answerer
from qa.records import Question
from qa.settings import ServiceSettings
from training import groups, low_rank, ranking
from training.ranking import Asked

PAIRS = Path(__file__).parent / "pairs"
NEAREST = 48
"""A question is told from so many of the passages that rank best for it."""


def of_pairs(source: Generation, plain: Encoder, limit: int | None) -> Iterator[Asked]:
    """What the pairs ask about the documents of ``source``; of each file ``limit`` at most."""
    answerer, database = Answerer(source, plain, ServiceSettings()), source.database
    for path in sorted(PAIRS.glob("*/*.jsonl")):
        for pair in groups.read_pairs(path)[:limit]:
            if pair.answer and not pair.history and database.document(pair.document):
                yield from _asked(pair.question, pair.document, pair.answer, answerer)


def of_squad(path: Path, source: Generation, plain: Encoder, limit: int | None) -> Iterator[Asked]:
    """What the questions of ``path`` that may be seen ask, ``limit`` at most."""
    answerer = Answerer(source, plain, ServiceSettings())
    seen = [one for one in cases.of_half(cases.load(path), "tune") if not is_held_out(one.id)]
    for case in [one for one in seen if one.answerable][:limit]:
        first = case.gold[0][0]
        yield from _asked(case.question, first.document, first.quote or "", answerer)


def _asked(question: str, document: str, answer: str, answerer: Answerer) -> Iterator[Asked]:
    database = answerer.generation.database
    own, words = database.passages(database.rows_of((document,))), groups.plain(answer)
    right = tuple(one.row for one in own if words in groups.plain(one.text))
    reply = answerer.ask(Question(question, top_k=NEAREST))
    near = tuple(
        one.passage.row
        for one in reply.passages
        # The words of the answer in another passage may answer, too.
        if one.passage.row not in right and words not in groups.plain(one.passage.text)
    )
    if right and near:
        yield Asked(reply.interpretation.text, answerer.generation, right, near)


def main() -> None:
    """Read the command line, train, write."""
    parser = argparse.ArgumentParser(
        prog="python -m training.questions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("indexes", nargs="+", type=Path, metavar="INDEX", help="see above")
    parser.add_argument("--squad", metavar="SET=INDEX", help="as `attest eval convert` writes it")
    parser.add_argument("--limit", type=int, help="so many pairs of each file alone, to try it out")
    parser.add_argument("--out", type=Path, help="folder (default: index/data)")
    given = parser.parse_args()
    # What is learnt is learnt from the packaged weights.
    settings = IndexSettings(dense_model=packaged.DENSE.name)
    plain = encoder.load(settings, adapt=False)
    asked: list[Asked] = []
    for folder in given.indexes:
        source = generation.open_current(folder)
        source.check_fingerprint(settings)  # its vectors are those of both models
        asked += of_pairs(source, plain, given.limit)
        print(f"{len(asked)} questions with {folder.name}", flush=True)
    if given.squad:
        path, _, index = given.squad.partition("=")
        source = generation.open_current(Path(index))
        asked += of_squad(Path(path), source, plain, given.limit)
        print(f"{len(asked)} questions with {Path(path).name}", flush=True)
    torch.set_num_threads(os.cpu_count() or 1)  # asking the pipeline has kept it to one
    models: list[tuple[PackagedModel, ranking.Scores]] = [
        (packaged.DENSE, ranking.WholePassages()),
        (packaged.TOKENS, ranking.Tokens(random.Random(0))),
    ]
    for packed, scores in models:
        torch.manual_seed(0)
        model = low_rank.load(packed)
        ranking.teach(model, packed, asked, scores)
        path = Path(str(query_adapter.place(packed)))
        low_rank.write(model, given.out / path.name if given.out else path)


if __name__ == "__main__":
    main()
