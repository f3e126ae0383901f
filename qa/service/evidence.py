"""Routes of the evidence mode: everything that bears on a question, to read and as a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from qa.service import evidence_files, routes
from qa.service.evidence_schemas import ALL, EvidencePage, EvidenceRequest, EvidenceResponse
from qa.service.routes import Ready

router = APIRouter()


@router.post(
    "/v1/evidence",
    response_model=EvidenceResponse,
    responses={**routes.INVALID, **routes.BODY, **routes.NOT_READY, **routes.UNKNOWN},
)
def evidence(body: EvidencePage, answerer: Ready) -> Response:
    """Every sentence that bears on what a question is about, document by document."""
    found = answerer.evidence(body.to_question())
    page = EvidenceResponse.of(body.question, found, body.offset, body.limit)
    return Response(page.model_dump_json(), media_type="application/json")


@router.post(
    "/v1/evidence/export",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {one: {} for one in evidence_files.TYPES.values()},
        },
        **routes.INVALID,
        **routes.BODY,
        **routes.NOT_READY,
        **routes.UNKNOWN,
    },
)
def export(
    body: EvidenceRequest,
    answerer: Ready,
    request: Request,
    format: Annotated[evidence_files.Format, Query(description="What to write.")] = "md",
) -> Response:
    """The whole evidence with references, as CSV, as a Word document or in Markdown."""
    whole = EvidenceResponse.of(body.question, answerer.evidence(body.to_question()), 0, ALL)
    written = evidence_files.write(whole, format, str(request.base_url))
    name = f'attachment; filename="evidence.{format}"'
    headers = {"Content-Disposition": name}
    return Response(written, media_type=evidence_files.TYPES[format], headers=headers)
