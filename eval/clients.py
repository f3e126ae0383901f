"""The two ways to ask: the pipeline in this process, or a running service over HTTP."""

from __future__ import annotations

import json
import ssl
import time
import weakref
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import quote

import httpx

from eval.errors import ServiceFailed
from eval.gold import Indexed
from eval.records import Case, Place, Ranked, Reply
from index.database import PassageEntry
from qa.errors import QAError
from qa.pipeline import Answerer
from qa.records import Answer, Citation, Question

WITH_TEXT = 3
"""The text of so many passages is kept with a reply, and of those that quotes are from."""


class Asker(Protocol):
    """Something that answers; also a ``Collection`` of the documents it answers from."""

    def identity(self) -> dict[str, str]:
        """Which index and which service this is. Raises ``ServiceFailed``."""
        ...

    def text(self, document: str) -> tuple[str, str] | None:
        """Id and text of a document, named by its id or its hash."""
        ...

    def ask(self, case: Case, top_k: int) -> Reply:
        """The reply to a question; a refused request is a reply with ``error``.

        Raises ``ServiceFailed`` where nothing can be asked any more.
        """
        ...


class InProcess:
    """The pipeline itself. Thread-safe, as it is."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._documents = Indexed(answerer.generation.database)

    def identity(self) -> dict[str, str]:
        """Generation, fingerprint and corpus."""
        manifest = self._answerer.generation.manifest
        return {
            "generation": manifest.generation,
            "fingerprint": manifest.fingerprint,
            "corpus": manifest.corpus,
        }

    def text(self, document: str) -> tuple[str, str] | None:
        """Id and text of a document, named by its id or its hash."""
        return self._documents.text(document)

    def ask(self, case: Case, top_k: int) -> Reply:
        """Ask the pipeline."""
        question = Question(case.question, case.history, top_k, case.documents)
        started = time.perf_counter()
        try:
            answer = self._answerer.ask(question)
        except QAError as error:
            return Reply(False, 0.0, error=str(error))
        return _of_answer(answer, (time.perf_counter() - started) * 1000)


def _of_answer(answer: Answer, milliseconds: float) -> Reply:
    refusal = answer.refusal
    quotes = tuple(_place(one) for one in answer.considered)
    passages = [
        Ranked(_passage(one.passage), round(one.score, 4), one.passage.document.title)
        for one in answer.passages
    ]
    return Reply(
        answered=refusal is None,
        confidence=round(answer.confidence, 4),  # as the service says it
        citations=tuple(_place(one) for one in answer.citations),
        considered=quotes,
        closest=tuple(_place(one) for one in answer.closest),
        passages=_with_text(passages, quotes),
        interpreted_as=answer.interpretation.shown,
        reason=refusal.reason if refusal else "",
        message=refusal.message if refusal else "",
        milliseconds=round(milliseconds, 3),
    )


def _place(citation: Citation) -> Place:
    return Place(
        *(citation.passage.document.id, citation.start, citation.end, citation.text),
        *(citation.page, citation.paragraph),
    )


def _passage(entry: PassageEntry) -> Place:
    return Place(entry.document.id, entry.start, entry.end, entry.text)


def _with_text(passages: Sequence[Ranked], quotes: Sequence[Place]) -> tuple[Ranked, ...]:
    """The passages, without the text of those that nobody will read."""

    def read(rank: int, one: Place) -> bool:
        return rank < WITH_TEXT or any(
            quote.document == one.document and one.start <= quote.start < one.end
            for quote in quotes
        )

    return tuple(
        one
        if read(rank, one.place)
        else Ranked(Place(one.place.document, one.place.start, one.place.end), one.score, one.title)
        for rank, one in enumerate(passages)
    )


class OverHttp:
    """A running service. Thread-safe: as many connections are kept as threads ask at a time."""

    def __init__(self, url: str, timeout: float = 60.0) -> None:
        wrong = ServiceFailed(f"{url} is not the address of a service, such as 127.0.0.1:8000")
        try:
            address = httpx.URL(url if "//" in url else f"http://{url}")
            known = address.scheme in {"http", "https"} and address.host
        except (httpx.InvalidURL, UnicodeError) as error:
            raise wrong from error
        if not known or not 0 <= (address.port or 0) < 65536:
            raise wrong
        self._client = httpx.Client(
            base_url=address.copy_with(query=None, fragment=None),
            timeout=timeout,
            limits=httpx.Limits(),  # none: each thread that asks keeps a connection
            headers={"Accept-Encoding": "identity"},  # packing would count as the service's time
            trust_env=False,  # no proxy between the clock and the service
            verify=ssl.create_default_context(),  # what the system trusts
        )
        self.close = weakref.finalize(self, self._client.close)
        self._ids: dict[str, str] = {}
        self._texts: dict[str, tuple[str, str] | None] = {}

    def identity(self) -> dict[str, str]:
        """Generation and fingerprint, as an answer names them, and the documents' hashes."""
        status, listed = self._json("GET", "/v1/documents")
        if status != 200 or "documents" not in listed:
            said = listed.get("detail", f"status {status}")
            raise ServiceFailed(f"the service cannot be asked: {said}")
        for one in listed["documents"]:
            self._ids[one["id"]] = self._ids[one["sha256"]] = one["id"]
        status, reply = self._json("POST", "/v1/ask", {"question": "index", "top_k": 1})
        if status != 200:
            raise ServiceFailed(f"the service cannot be asked: {reply.get('detail', status)}")
        return {name: reply["index"][name] for name in ("generation", "fingerprint")}

    def text(self, document: str) -> tuple[str, str] | None:
        """Id and text of a document, named by its id or its hash."""
        if document not in self._texts:
            id = self._ids.get(document)
            self._texts[document] = None
            if id is not None:
                status, body = self._send("GET", f"/v1/documents/{quote(id)}/text")
                if status == 200:
                    self._texts[document] = (id, body.decode("utf-8"))
        return self._texts[document]

    def ask(self, case: Case, top_k: int) -> Reply:
        """Ask the service."""
        body: dict[str, Any] = {
            "question": case.question,
            "top_k": top_k,
            "history": [{"question": t.question, "answer": t.answer} for t in case.history],
        }
        if case.documents is not None:
            body["documents"] = list(case.documents)
        started = time.perf_counter()
        status, reply = self._json("POST", "/v1/ask", body)
        milliseconds = round((time.perf_counter() - started) * 1000, 3)
        if status != 200:
            return Reply(False, 0.0, error=str(reply.get("detail", f"status {status}")))
        return _of_response(reply, milliseconds)

    def _json(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        status, content = self._send(method, path, body)
        try:
            parsed = json.loads(content)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise ServiceFailed(f"{path} did not answer as Attest does (status {status})")
        return status, parsed

    def _send(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        # Not httpx's own JSON: half of a surrogate pair would fail here, not be refused there.
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"} if data else {}
        for again in (False, True):  # a kept connection may have been closed meanwhile
            try:
                response = self._client.request(method, path, content=data, headers=headers)
                return response.status_code, response.content
            except httpx.RequestError as error:
                if again or isinstance(error, httpx.TimeoutException):
                    raise ServiceFailed(
                        f"{self._client.base_url.netloc.decode()} does not answer "
                        f"({str(error) or type(error).__name__})"
                    ) from error
        raise AssertionError("unreachable")


def _of_response(reply: dict[str, Any], milliseconds: float) -> Reply:
    def place(one: dict[str, Any], text: str) -> Place:
        return Place(
            *(one["document_id"], one["start_char_index"], one["end_char_index"], one[text]),
            *(one.get("page"), one.get("paragraph")),
        )

    refusal = reply["refusal"] or {"reason": "", "message": ""}
    quotes = tuple(place(one, "cited_text") for one in reply["citations"])
    weighed = tuple(
        quote
        for quote, one in zip(quotes, reply["citations"], strict=True)
        if not one.get("repeats")
    )
    passages = [
        Ranked(place(one, "text"), one["score"], one["document_title"]) for one in reply["passages"]
    ]
    return Reply(
        answered=reply["answered"],
        confidence=reply["confidence"],
        citations=quotes,
        considered=weighed,
        closest=tuple(place(one, "cited_text") for one in reply.get("closest", [])),
        passages=_with_text(passages, quotes),
        interpreted_as=reply["interpreted_as"],
        reason=refusal["reason"],
        message=refusal["message"],
        milliseconds=milliseconds,
    )
