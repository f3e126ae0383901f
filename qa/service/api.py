"""The HTTP API: ``create_app`` builds the application, the routes translate and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope

from index.config import IndexSettings
from qa.answer.verify import Claim, verify
from qa.errors import NotReady, UnknownDocument, UnknownVersion
from qa.pipeline import Answerer
from qa.records import Question
from qa.service import (
    document_page,
    evidence,
    feedback,
    figures,
    glance,
    printed,
    problems,
    routes,
    schemas,
    uploads,
    versions,
)
from qa.service.builder import COMMAND
from qa.service.examples import Examples, about
from qa.service.live import Live
from qa.service.metrics import CONTENT_TYPE, Metrics
from qa.service.middleware import BodyLimit, Head, Observe
from qa.service.renderer import Renderer
from qa.service.routes import Ready
from qa.service.versions import HASH, Versions
from qa.settings import ServiceSettings

STATIC = Path(__file__).parent.parent / "static"


class _Static(StaticFiles):
    """Files that a browser keeps, and asks each time whether they are still the same: a page
    of one version must not run the scripts of another."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


static = _Static(directory=STATIC)


questions, collection, operations, pages = APIRouter(), APIRouter(), APIRouter(), APIRouter()


def create_app(
    settings: ServiceSettings,
    live: Live,
    index: IndexSettings | None = None,
    build_command: tuple[str, ...] = COMMAND,
) -> FastAPI:
    """The application around ``live``, which it starts and stops with itself. What is added to the
    collection is built with the settings ``index``, by a process that ``build_command`` starts."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        live.start()
        changing.start()
        yield
        live.stop()
        changing.stop()
        app.state.renderer.close()

    index = index or IndexSettings(data=live.data)
    metrics = Metrics()
    changing = uploads.Collection.of(settings, index, live, metrics, build_command)

    app = FastAPI(
        title="Attest",
        summary="Answers questions from documents; every word of an answer is quoted.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.live, app.state.metrics, app.state.examples = live, metrics, Examples()
    app.state.collection = changing
    app.state.versions = Versions(live.data)
    app.state.feedback = feedback.Store(
        live.data / feedback.FILE, int(settings.feedback_max_mb * 1024**2)
    )
    app.state.renderer = Renderer(live.data, settings)
    problems.install(app)
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_kb * 2**10,
        max_upload_bytes=int(settings.max_upload_mb * 2**20),
    )
    app.add_middleware(Observe, metrics=app.state.metrics)
    app.add_middleware(Head)
    routers = questions, collection, printed.router, uploads.router, versions.router
    for router in (*routers, glance.router, evidence.router, operations, pages, glance.pages):
        app.include_router(router)
    problems.describe(app)
    app.mount("/static", GZipMiddleware(static), name="static")
    return app


@questions.post(
    "/v1/ask",
    response_model=schemas.AskResponse,
    responses={**routes.INVALID, **routes.BODY, **routes.NOT_READY, **routes.UNKNOWN},
)
def ask(body: schemas.AskRequest, answerer: Ready, request: Request) -> Response:
    """Answer a question with verbatim, cited sentences, or decline and say why."""
    answer = answerer.ask(body.to_question())
    request.app.state.metrics.count(answer)
    return _json(schemas.AskResponse.of(answer))


@questions.get(
    "/v1/search",
    response_model=schemas.SearchResponse,
    responses={**routes.INVALID, **routes.NOT_READY, **routes.UNKNOWN},
)
def search(
    answerer: Ready,
    q: Annotated[schemas.QuestionText, Query(description="What to look for.")],
    top_k: schemas.TopK = 5,
    documents: Annotated[
        list[schemas.DocumentId], Query(max_length=1000, description="Only in these.")
    ] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """The ranked passages alone."""
    question = Question(q, top_k=top_k, documents=tuple(documents) or None)
    ranked = answerer.search(question)
    return _json(
        schemas.SearchResponse(
            query=q,
            passages=[schemas.PassageOut.of(n, one) for n, one in enumerate(ranked, start=1)],
            index=_index(answerer),
        )
    )


@questions.post(
    "/v1/verify",
    response_model=schemas.VerifyResponse,
    responses={**routes.INVALID, **routes.BODY, **routes.NOT_READY},
)
def check(body: schemas.VerifyRequest, answerer: Ready, request: Request) -> Response:
    """Say of each citation whether its text stands where it says, and whether it is of the
    document as it is now or of an earlier version."""
    results, earlier = [], request.app.state.versions.text
    for one in body.citations:
        claim = Claim(
            *(one.document_id, one.start_char_index, one.end_char_index, one.cited_text),
            document_sha256=one.document_sha256,
        )
        verdict = verify(claim, answerer.generation.database, earlier)
        results.append(
            schemas.VerdictOut(
                status=verdict.status,
                document_id=one.document_id,
                start_char_index=verdict.start,
                end_char_index=verdict.end,
                document_changed=verdict.document_changed,
                version=verdict.version,
                stood=verdict.stood,
            )
        )
    return _json(schemas.VerifyResponse(results=results))


@questions.post(
    "/v1/feedback",
    status_code=201,
    response_model=schemas.FeedbackResponse,
    responses={**routes.INVALID, **routes.BODY, **routes.NOT_STORED},
)
def rate(body: schemas.FeedbackRequest, request: Request) -> schemas.FeedbackResponse:
    """Keep what a reader thinks of an answer, for evaluation."""
    store: feedback.Store = request.app.state.feedback
    return schemas.FeedbackResponse(stored_at=store.add(body))


@questions.get("/v1/examples", responses={**routes.NOT_READY})
def examples(answerer: Ready, request: Request) -> schemas.ExamplesResponse:
    """Questions to begin with: made of what the collection holds, and answered by it."""
    found: Examples = request.app.state.examples
    told = about(answerer.generation.database.documents())
    return schemas.ExamplesResponse(examples=found.of(answerer), about=told)


@collection.get("/v1/documents", responses={**routes.NOT_READY, **routes.INVALID})
def list_documents(
    answerer: Ready,
    request: Request,
    tag: Annotated[str | None, Query(max_length=100, description="Only those with it.")] = None,
) -> schemas.DocumentsResponse:
    """The documents of the collection."""
    entries = answerer.generation.database.documents()
    view = request.app.state.collection.view
    tags, uploaded = view.tags(), view.uploaded()
    documents = [
        schemas.DocumentOut.of(one, tags.get(one.id, ()), one.id in uploaded)
        for one in entries
        if tag is None or tag in tags.get(one.id, ())
    ]
    return schemas.DocumentsResponse(documents=documents)


@collection.get("/v1/documents/{id}", responses={**routes.NOT_READY, **routes.UNKNOWN})
def one_document(id: str, answerer: Ready, request: Request) -> schemas.DocumentOut:
    """One document."""
    entry = answerer.generation.database.document(id)
    if entry is None:
        raise UnknownDocument(id)
    view = request.app.state.collection.view
    return schemas.DocumentOut.of(entry, view.tags().get(id, ()), id in view.uploaded())


@collection.get(
    "/v1/documents/{id}/text",
    response_class=PlainTextResponse,
    responses={**routes.NOT_READY, **routes.UNKNOWN, **routes.INVALID},
)
def document_text(
    id: str,
    answerer: Ready,
    request: Request,
    sha256: Annotated[
        str | None,
        Query(pattern=HASH, description="Of the version that is wanted, or its first digits."),
    ] = None,
) -> PlainTextResponse:
    """A document's canonical text: what the offsets of citations count in."""
    entry = answerer.generation.database.document(id)
    if entry is None:
        raise UnknownDocument(id)
    if sha256 is None or entry.sha256.startswith(sha256.lower()):
        text = answerer.generation.database.text(id)
    else:
        text = request.app.state.versions.text(id, sha256)
    if text is None:
        raise UnknownVersion(id)
    return PlainTextResponse(text)


@collection.get("/v1/documents/{id}/sections", responses={**routes.NOT_READY, **routes.UNKNOWN})
def sections(id: str, answerer: Ready) -> schemas.SectionsResponse:
    """A document's headings, with their places in its text."""
    entry = answerer.generation.database.document(id)
    text = answerer.generation.database.text(id)
    if entry is None or text is None:
        raise UnknownDocument(id)
    return schemas.SectionsResponse(
        sections=[
            schemas.SectionOut(
                title=" ".join(text[one.start : one.end].split()),
                level=one.level,
                start_char_index=one.start,
                end_char_index=one.end,
            )
            for one in answerer.generation.database.headings_of(id)
        ]
    )


@operations.get("/healthz")
async def alive() -> schemas.Health:
    """Whether the service lives."""
    return schemas.Health(status="alive")


@operations.get("/readyz", responses={**routes.NOT_READY})
async def ready(request: Request) -> schemas.Health:
    """Whether an index is loaded; if not, the problem says why."""
    live: Live = request.app.state.live
    live.answerer()
    behind = live.problem
    return schemas.Health(status=f"ready, with an older index: {behind}" if behind else "ready")


@operations.get("/metrics", response_class=PlainTextResponse)
async def exposition(request: Request) -> Response:
    """Counters and timings in Prometheus' text format."""
    try:
        live_generation = request.app.state.live.answerer().generation
        name, passages = live_generation.name, live_generation.manifest.counts["passages"]
    except NotReady:
        name, passages = None, 0
    return Response(request.app.state.metrics.exposition(name, passages), media_type=CONTENT_TYPE)


@pages.get("/", include_in_schema=False)
async def page(request: Request) -> Response:
    """The page to ask on."""
    return await static.get_response("index.html", request.scope)


@pages.get("/evidence", include_in_schema=False)
async def all_there_is(request: Request) -> Response:
    """The page to collect evidence on."""
    return await static.get_response("evidence.html", request.scope)


@pages.get("/docs", include_in_schema=False)
async def reference(request: Request) -> Response:
    """The reference of the API, made from /openapi.json."""
    return await static.get_response("reference.html", request.scope)


def _asked(
    start: int | None = None,
    end: int | None = None,
    also: Annotated[list[str], Query(max_length=200)] = [],  # noqa: B006 - FastAPI copies it
    sha256: str | None = None,
    words: str | None = None,
) -> document_page.Asked:
    return document_page.Asked(start, end, also, sha256, words)


@pages.get("/documents/{id}", include_in_schema=False)
def document(
    id: str,
    answerer: Ready,
    asked: Annotated[document_page.Asked, Depends(_asked)],
    request: Request,
) -> HTMLResponse:
    """A document with a range of it marked, and others that are cited beside it; where it has
    changed since, the words that were cited, as they stood and as they stand now."""
    database = answerer.generation.database
    entry, text = database.document(id), database.text(id)
    if entry is None or text is None:
        raise UnknownDocument(id)
    earlier = request.app.state.versions.cited(entry, text, asked)
    headings, printed_pages = database.headings_of(id), figures.of(database, entry)
    page = document_page.render(entry, text, asked, headings, printed_pages, earlier)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


def _index(answerer: Answerer) -> schemas.IndexOut:
    return schemas.IndexOut(
        generation=answerer.generation.name,
        fingerprint=answerer.generation.manifest.fingerprint,
    )


def _json(body: BaseModel) -> Response:
    """The model as it is: FastAPI would validate what has just been made from our own records
    a second time."""
    return Response(body.model_dump_json(), media_type="application/json")
