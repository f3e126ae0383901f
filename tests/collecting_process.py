"""A service that takes uploads, with the fake encoder, to be killed:
``collecting_process.py DATA PORT [LARGEST_FILE]``.

Prints its port. No file that it writes can become larger than ``LARGEST_FILE`` bytes, where given.
"""

from __future__ import annotations

import resource
import signal
import socket
import sys
from pathlib import Path

import uvicorn
from conftest import WordEncoder
from service import BUILDING

from index import collection
from index.config import IndexSettings, read
from qa.pipeline import Answerer
from qa.service.api import create_app
from qa.service.live import Live
from qa.settings import ServiceSettings


def main() -> None:
    data, port = Path(sys.argv[1]), int(sys.argv[2])
    encoder = WordEncoder()
    if len(sys.argv) > 3:
        largest = int(sys.argv[3])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    def opened() -> Answerer:
        return Answerer(collection.open_current(data), encoder, ServiceSettings(threshold=0))

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()  # before the port is told: who reads it connects at once
    settings = read(ServiceSettings)
    app = create_app(settings, Live(data, opened, 0.05), read(IndexSettings, data=data), BUILDING)
    print("at", listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
