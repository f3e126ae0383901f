"""The API against its own OpenAPI document: requests generated for every operation, as it
describes them and otherwise. None is a server error, and every response is as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given
from hypothesis import settings as hypothesis_settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.python.asgi import get_client
from schemathesis.schemas import BaseSchema
from service import serving, until

DOCUMENTS = {
    "boats.txt": "Red boats sail south today. Blue boats sail north & rest.",
    "fish.md": "# Fishing\n\nGreen fish swim into nets. Resolution 2462 (2019) names nets.",
}
BOUNDED = {
    ("POST", "/v1/ask"),
    ("GET", "/v1/search"),
    ("POST", "/v1/evidence"),
    ("POST", "/v1/evidence/export"),
    ("GET", "/v1/documents/{id}/boxes"),
    ("GET", "/v1/documents/{id}/pages/{page}.png"),
    ("POST", "/v1/verify"),
    ("POST", "/v1/feedback"),
    ("POST", "/v1/documents"),
    ("PATCH", "/v1/documents/{id}"),
}
UNBOUNDED = {
    ("GET", "/v1/documents"),
    ("GET", "/v1/documents/{id}"),  # any text may be an id
    ("GET", "/v1/documents/{id}/text"),
    ("GET", "/v1/documents/{id}/sections"),
    ("GET", "/v1/documents/{id}/versions"),
    ("DELETE", "/v1/documents/{id}"),
    ("POST", "/v1/documents/{id}/restore"),
    ("DELETE", "/v1/uploads/{name}"),
    ("GET", "/v1/collection"),
    ("GET", "/v1/collection/files"),
    ("GET", "/v1/collection/documents"),
    ("GET", "/v1/collection/documents/{id}"),
    ("GET", "/v1/documents/{id}/blocks"),
    ("GET", "/v1/builds"),
    ("POST", "/v1/builds"),
    ("GET", "/v1/builds/{id}"),
    ("GET", "/v1/documents/{id}/pages"),
    ("GET", "/v1/documents/{id}/file"),
    ("GET", "/v1/examples"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
}
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {"negative_data_rejection": {"expected-statuses": [400, 404, 413, 422]}},
        "generation": {"deterministic": True},
        # What a file is called, and whether there is such a day, no schema can say.
        "operations": [
            {
                "include-name": name,
                "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 404, 422]}},
            }
            for name in ("POST /v1/documents", "PATCH /v1/documents/{id}")
        ],
    }
)


def assert_as_described(case: Any) -> None:
    # A client of its own: schemathesis would start the application once more, and never stop it.
    case.call_and_validate(session=get_client(case.operation.app))


examples = hypothesis_settings(
    max_examples=25,
    derandomize=True,  # the same requests in every run
    phases=[Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=[*HealthCheck],
)


@pytest.fixture
def described(answerer_of, settings) -> Iterator[BaseSchema]:
    """The OpenAPI document, bound to a running application with an index in it."""
    answerer = answerer_of(DOCUMENTS)
    with serving(settings.data, lambda: answerer, uploads="on") as client:
        until(lambda: client.get("/readyz").status_code == 200)
        schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json(), config=CONFIG)
        schema.app = client.app
        yield schema


def test_every_operation_is_tried(described):
    operations = {
        (operation.ok().method.upper(), operation.ok().path)
        for operation in described.get_all_operations()
    }
    assert operations == BOUNDED | UNBOUNDED


@pytest.mark.parametrize(("method", "path"), sorted(BOUNDED | UNBOUNDED))
def test_requests_as_described_are_answered_as_described(described, method, path):
    @examples
    @given(case=described[path][method].as_strategy())
    def check(case: Any) -> None:
        assert_as_described(case)

    check()


@pytest.mark.parametrize(("method", "path"), sorted(BOUNDED))
def test_requests_other_than_described_are_refused_as_described(described, method, path):
    @examples
    @given(case=described[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def check(case: Any) -> None:
        # Letters beyond the first plane are letters, which schemathesis does not know of.
        assume(not any(ord(letter) > 0xFFFF for letter in str(case.query.get("q", ""))))
        assert_as_described(case)

    check()
