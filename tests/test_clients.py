"""The two ways to ask: in this process, and over HTTP against the service itself."""

from __future__ import annotations

import hashlib
import socket
import socketserver
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from evaluating import served

from eval.clients import WITH_TEXT, InProcess, OverHttp
from eval.errors import ServiceFailed
from eval.gold import find
from eval.records import Case, Place, Span
from qa.pipeline import Answerer
from qa.records import Turn
from qa.settings import ServiceSettings

BOATS = "Red boats sail south today. Blue boats sail north."
FILES = {
    "boats.txt": BOATS,
    "ice.txt": "Ice is cold in winter.",
    **{f"more-{n}.txt": f"Boats of kind{n} rest." for n in range(6)},
}
SOUTH = Case("south", "which boats sail south", True)


@pytest.fixture
def answerer(answerer_of):
    return answerer_of(FILES)


@pytest.fixture
def in_process(answerer):
    return InProcess(answerer)


@pytest.fixture
def over_http(answerer, settings):
    with served(answerer, settings.data) as address:
        asker = OverHttp(address)
        asker.identity()
        yield asker
        asker.close()


@pytest.fixture(params=["in_process", "over_http"])
def asker(request):
    return request.getfixturevalue(request.param)


def test_a_reply_holds_the_answer_and_where_it_stands(asker):
    reply = asker.ask(SOUTH, 5)
    quoted = Place("boats", 0, 27, "Red boats sail south today.")
    assert (reply.answered, reply.citations, reply.error) == (True, (quoted,), "")
    assert reply.considered == (quoted,)
    assert 0 < reply.confidence < 1
    assert reply.interpreted_as == "which boats sail south"
    assert reply.milliseconds > 0
    assert (reply.reason, reply.message) == ("", "")


def test_passages_come_in_their_order_with_titles(asker):
    reply = asker.ask(SOUTH, 5)
    assert len(reply.passages) == 5
    assert reply.passages[0].place == Place("boats", 0, 50, BOATS)
    assert reply.passages[0].title == BOATS
    scores = [one.score for one in reply.passages]
    assert scores == sorted(scores, reverse=True)


def test_the_text_of_passages_that_nobody_reads_is_left_out(asker):
    texts = [bool(one.place.text) for one in asker.ask(SOUTH, 8).passages]
    assert texts == [True] * WITH_TEXT + [False] * (8 - WITH_TEXT)
    assert all(one.place.end > one.place.start for one in asker.ask(SOUTH, 8).passages)


def test_a_question_can_be_asked_of_some_documents(asker):
    reply = asker.ask(replace(SOUTH, documents=("ice",)), 5)
    assert {one.place.document for one in reply.passages} == {"ice"}


def test_a_follow_up_is_asked_with_its_history(asker):
    turn = Turn("which boats sail south", "Red ones.")
    reply = asker.ask(Case("f", "and when do they?", True, history=(turn,)), 5)
    assert reply.interpreted_as == "which boats sail south and when do they?"


def test_a_refusal_has_its_reason(asker):
    reply = asker.ask(Case("p", 'are there "purple boats"', False), 5)
    assert (reply.answered, reply.citations, reply.error) == (False, (), "")
    assert reply.reason == "phrase_not_found"
    assert "purple boats" in reply.message


def test_a_refused_request_is_a_reply_with_an_error(asker):
    reply = asker.ask(replace(SOUTH, documents=("gone",)), 5)
    assert "gone" in reply.error
    assert (reply.answered, reply.confidence, reply.passages) == (False, 0.0, ())


def test_a_document_is_known_by_its_id_and_by_the_hash_of_its_text(asker):
    digest = hashlib.sha256(BOATS.encode()).hexdigest()
    assert asker.text("boats") == asker.text(digest) == ("boats", BOATS)
    assert asker.text("gone") is None
    assert asker.text("0" * 64) is None


def test_gold_is_found_by_hash(asker):
    digest = hashlib.sha256(BOATS.encode()).hexdigest()
    ((gold,),) = find(replace(SOUTH, gold=((Span(digest, "Blue boats"),),)), asker)
    assert gold.place == Place("boats", 28, 38, "Blue boats")


def test_both_ways_give_the_same_reply(in_process, over_http):
    cases = [SOUTH, Case("i", "what is cold", True), Case("p", 'the "purple boats"', False)]
    for case in cases:
        first, second = (one.ask(case, 10) for one in (in_process, over_http))
        assert replace(first, milliseconds=0) == replace(second, milliseconds=0)


def test_both_ways_name_the_same_index(in_process, over_http):
    first, second = in_process.identity(), over_http.identity()
    assert first["generation"] == "gen-000001"
    assert first == {**second, "corpus": first["corpus"]}


def test_in_process_what_was_weighed_and_not_given_is_told(answerer, encoder):
    strict = Answerer(answerer.generation, encoder, ServiceSettings(threshold=1))
    reply = InProcess(strict).ask(SOUTH, 5)
    assert (reply.answered, reply.citations, reply.reason) == (False, (), "low_confidence")
    assert reply.considered == (Place("boats", 0, 27, "Red boats sail south today."),)


# What else may be at an address


@contextmanager
def listening(server):
    """Serves in a thread; yields the address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Counted(socketserver.TCPServer):
    calls = 0


class Sayer(ThreadingHTTPServer):
    said: tuple[int, bytes]
    calls = 0


class Closing(socketserver.BaseRequestHandler):
    """Hangs up without a word."""

    server: Counted

    def handle(self):
        self.server.calls += 1


class Saying(BaseHTTPRequestHandler):
    """Answers everything with what its server was given."""

    server: Sayer
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.calls += 1
        status, content = self.server.said
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        # Hangs up after each reply, without having said so.
        self.close_connection = True

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_):
        pass


def saying(status, content):
    server = Sayer(("127.0.0.1", 0), Saying)
    server.said = status, content
    return server


def test_where_nobody_listens_the_address_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ServiceFailed, match=rf"127\.0\.0\.1:{port} does not answer"):
        OverHttp(f"http://127.0.0.1:{port}").identity()


def test_who_hangs_up_is_tried_once_more_and_no_longer():
    server = Counted(("127.0.0.1", 0), Closing)
    with listening(server) as address:
        with pytest.raises(ServiceFailed, match="does not answer"):
            OverHttp(address).ask(SOUTH, 5)
        assert server.calls == 2


def test_who_says_nothing_is_not_waited_for_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asker = OverHttp(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.05)
        with pytest.raises(ServiceFailed, match=r"does not answer \(timed out\)"):
            asker.ask(SOUTH, 5)


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><p>Hello", b"", b"[1]", b"\xff"])
@pytest.mark.parametrize("status", [200, 404])
def test_who_does_not_answer_as_attest_does_is_told(status, content):
    said = rf"did not answer as Attest does \(status {status}\)"
    with listening(saying(status, content)) as address, pytest.raises(ServiceFailed, match=said):
        OverHttp(address).identity()


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (503, b'{"detail": "still loading"}', "still loading"),
        (404, b"{}", "status 404"),
        (200, b"{}", "status 200"),
    ],
)
def test_a_service_that_cannot_be_asked_says_why(status, content, said):
    told = f"cannot be asked: {said}$"
    with listening(saying(status, content)) as address, pytest.raises(ServiceFailed, match=told):
        OverHttp(address).identity()


def test_a_connection_that_was_closed_meanwhile_is_made_anew():
    server = saying(503, b'{"detail": "busy"}')
    with listening(server) as address:
        asker = OverHttp(address)
        replies = [asker.ask(SOUTH, 5) for _ in range(3)]
        asker.close()
    assert [one.error for one in replies] == ["busy"] * 3
    assert server.calls == 3


def test_every_thread_has_its_own_connection(answerer, settings):
    with served(answerer, settings.data) as address:
        asker = OverHttp(address)
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda _: asker.ask(SOUTH, 5), range(20)))
        asker.close()
    assert {one.citations[0].text for one in replies} == {"Red boats sail south today."}


@pytest.mark.parametrize(
    "url", ["", "ftp://a", "http://", "http://a:port", "http://a:99999", "http://[::1", "//"]
)
def test_what_is_no_address_is_named(url):
    with pytest.raises(ServiceFailed, match="is not the address of a service"):
        OverHttp(url)


def test_an_address_needs_no_scheme_and_may_have_a_path(answerer, settings):
    with served(answerer, settings.data) as address:
        for written in (address.removeprefix("http://"), f"{address}/"):
            asker = OverHttp(written)
            assert asker.identity()["generation"] == "gen-000001"
            asker.close()
