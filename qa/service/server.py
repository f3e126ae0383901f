"""Runs the application under uvicorn."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from collections.abc import Callable
from functools import cache

import uvicorn

from index import collection, encoder, language_detection
from index.config import IndexSettings, read
from index.encoder import Encoder
from qa.answer import confidence
from qa.pipeline import Answerer, threshold
from qa.ranking.cross_encoder import Reader, TrainedReader
from qa.service.api import create_app
from qa.service.live import Live
from qa.settings import ServiceSettings

log = logging.getLogger("attest")

_SWITCH_SECONDS = 0.001


def run(settings: ServiceSettings) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first.

    Raises ``OSError`` where the address cannot be had, ``InvalidSetting`` for a risk that no
    confidence keeps.
    """
    index_settings = read(IndexSettings)
    threshold(settings, confidence.of_collection(index_settings.data))  # a risk that cannot be
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    # Threads that wait for the interpreter take turns; the default of 5 ms a turn is as long
    # as a question takes.
    sys.setswitchinterval(_SWITCH_SECONDS)
    # The models stay when an index is replaced.
    load, load_reader = cache(encoder.load), cache(TrainedReader)

    def opened() -> Answerer:
        return open_answerer(index_settings, settings, load, load_reader)

    live = Live(index_settings.data, opened, settings.reload_seconds)
    listener = _listen(settings.host, settings.port)
    shown = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host
    host = f"[{shown}]" if ":" in shown else shown
    print(f"Attest is at http://{host}:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        create_app(settings, live, index_settings),
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        server_header=False,
    )
    # uvicorn finishes what is under way and then raises the signal again: by then it has been
    # obeyed, and the process ends well.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    uvicorn.Server(config).run(sockets=[listener])


def open_answerer(
    index_settings: IndexSettings,
    settings: ServiceSettings,
    load: Callable[[IndexSettings], Encoder] = encoder.load,
    load_reader: Callable[[], Reader] = TrainedReader,
) -> Answerer:
    """The answerer over the live generation. Raises the errors of ``index.errors``."""
    opened = collection.open_current(index_settings.data)
    if not opened.check_fingerprint(index_settings):
        log.warning(
            "%s was built by another version or with other settings; 'attest index' renews it",
            opened.name,
        )
    models = load(index_settings)
    # The first question is not to wait for what can be loaded now.
    models.encode_query("")
    language_detection.of_text("ready")
    weights = confidence.of_collection(index_settings.data)
    return Answerer(opened, models, settings, reader=load_reader(), weights=weights)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener
