"""What the commands share: the answerer of the live index, and errors as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.main import fail

if TYPE_CHECKING:
    from qa.pipeline import Answerer


def answerer_of() -> Answerer:
    """The answerer of the live index, by the settings."""
    from index.config import IndexSettings, read
    from qa.service.server import open_answerer
    from qa.settings import ServiceSettings

    return open_answerer(read(IndexSettings), read(ServiceSettings))


def guarded(action: Any) -> Any:
    """Runs ``action``; what the packages raise on purpose becomes a message and exit code 1."""
    from index.errors import IndexingError
    from qa.errors import QAError

    try:
        return action()
    except (IndexingError, QAError) as error:
        raise fail(str(error)) from error


def valid(model: Any, **values: Any) -> Any:
    """A request made of ``values``; what is wrong with them becomes a message and exit code 1."""
    from pydantic import ValidationError

    try:
        return model(**values)
    except ValidationError as error:
        raise fail(first(error)) from error


def first(error: Any) -> str:
    """What is wrong first, of a ``ValidationError``."""
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
