"""What readers think of answers: kept as JSON lines, given back as lines of a question set."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa.errors import FeedbackNotStored
from qa.service.schemas import FeedbackRequest

FILE = "feedback.jsonl"
KIND = "feedback"

_KEPT = TypeAdapter(dict[str, object])


class Store:
    """A file that lines are only ever added to. Safe with several threads and processes."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max = max_bytes
        self._lock = threading.Lock()

    def add(self, feedback: FeedbackRequest) -> str:
        """Write ``feedback`` through to the disk; returns the time under which it is kept.

        Raises ``FeedbackNotStored`` where the file is full or cannot be written.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds")
        line = json.dumps({"at": at, **feedback.model_dump()}, ensure_ascii=False) + "\n"
        try:
            with self._lock:
                self._append(line.encode())
        except OSError as error:
            raise FeedbackNotStored("the feedback could not be written; try again later") from error
        return at

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = file.seek(0, os.SEEK_END)
            if size + len(line) > self._max:
                raise FeedbackNotStored("no room is left for feedback; export it, then move it")
            if size:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    line = b"\n" + line  # what was cut off stays a line of its own
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


def read(path: Path) -> tuple[list[FeedbackRequest], int]:
    """What is kept in ``path``, oldest first, and how many lines cannot be read.

    Raises ``OSError``; a file that is not there holds nothing.
    """
    found, unreadable = [], 0
    if not path.exists():
        return [], 0
    for line in path.read_bytes().splitlines():
        if not line.strip():
            continue
        try:
            kept = _KEPT.validate_json(line)
            kept.pop("at", None)
            found.append(FeedbackRequest.model_validate(kept))
        except ValidationError:
            unreadable += 1
    return found, unreadable


def to_lines(feedback: Iterable[FeedbackRequest]) -> Iterator[str]:
    """A line of a question set (docs/question-sets.md) for each question that was rated.

    Of several ratings of one question the last counts, and the note has the tally.
    """
    rated: dict[str, list[FeedbackRequest]] = {}
    for one in feedback:
        rated.setdefault(_id(one), []).append(one)
    for id, ratings in rated.items():
        yield json.dumps(_case(id, ratings), ensure_ascii=False)


def _case(id: str, ratings: list[FeedbackRequest]) -> dict[str, object]:
    last = ratings[-1]
    good = last.rating == "up"
    case: dict[str, object] = {
        "id": id,
        "question": last.question,
        "answerable": last.answered or not good,
        "kind": KIND,
    }
    if good and last.answered:
        case["gold"] = [
            [
                {
                    "document": one.document_id,
                    "quote": one.cited_text,
                    "start": one.start_char_index,
                }
            ]
            for one in last.citations
        ]
    if last.history:
        case["history"] = [turn.model_dump() for turn in last.history]
    if last.documents is not None:
        case["documents"] = last.documents
    note = _note(ratings)
    return {**case, "note": note} if note else case


def _note(ratings: list[FeedbackRequest]) -> str:
    last = ratings[-1]
    said = []
    if last.rating == "down":
        given = " … ".join(one.cited_text for one in last.citations)
        shown = f"answered with “{given}”" if last.answered else "declined"
        said.append(
            f"Rated not helpful; it was {shown}. To complete: give the gold, or mark the "
            "question as not answerable."
        )
    said += [one.comment for one in ratings if one.comment]
    if len(ratings) > 1:
        ups = sum(one.rating == "up" for one in ratings)
        said.append(f"Rated helpful {ups} and not helpful {len(ratings) - ups} times.")
    return " ".join(said)


def _id(one: FeedbackRequest) -> str:
    """The same for the same question in the same circumstances, so that its half stays."""
    parts = [one.question, [turn.question for turn in one.history], one.documents]
    digest = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
    return f"{KIND}-{digest[:12]}"
