"""A service over an index of the fake encoder, to be killed: ``mortal.py DATA PORT [hanging]``.

Prints its port; then, where it hangs, a line for each question that it leaves unanswered.
"""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path

import uvicorn
from conftest import WordEncoder

from index import generation
from index.encoder import QueryVectors
from qa.pipeline import Answerer
from qa.service.api import create_app
from qa.service.live import Live
from qa.settings import ServiceSettings


class Hanging(WordEncoder):
    """Never comes back from a question that begins with "hang"."""

    def encode_query(self, text: str) -> QueryVectors:
        if text.startswith("hang"):
            print("asked", flush=True)
            threading.Event().wait()
        return super().encode_query(text)


def main() -> None:
    data, port = Path(sys.argv[1]), int(sys.argv[2])
    encoder = Hanging() if "hanging" in sys.argv else WordEncoder()
    answerer = Answerer(generation.open_current(data), encoder, ServiceSettings(threshold=0))
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()  # before the port is told: who reads it connects at once
    print("at", listener.getsockname()[1], flush=True)
    app = create_app(ServiceSettings(), Live(data, lambda: answerer, every_seconds=0.01))
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
