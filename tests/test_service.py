"""The whole service with its real models over the real seeds, as `attest serve` runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import SEEDS

pytestmark = pytest.mark.model
README = SEEDS.parent / "README.md"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    data = tmp_path_factory.mktemp("var")
    environment = {**os.environ, "ATTEST_DATA": str(data), "ATTEST_SEEDS": str(SEEDS)}
    done = subprocess.run(
        [sys.executable, "-m", "index.main", "index", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["documents"], report["skipped"]) == (5, [])
    return environment


@pytest.fixture(scope="module")
def service(environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "index.main", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            get(f"{address}/readyz")
            break
        except urllib.error.HTTPError as error:
            error.close()
            time.sleep(0.1)
    yield address
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    process.stdout.close()


def get(address):
    with urllib.request.urlopen(address, timeout=30) as response:
        return response.read().decode()


def ask(service, question, **more):
    request = urllib.request.Request(
        f"{service}/v1/ask",
        json.dumps({"question": question, **more}).encode(),
        {"Content-Type": "application/json"},
    )
    return json.loads(get(request))


BULLET = (
    "**Resolution 2462 (2019)** notes the use of crowdfunding platforms for raising funds for "
    "terrorism purposes as well as the use of emerging payment methods, such as prepaid cards and "
    "mobile-payments or virtual-assets, to move and transfer such funds. It also calls for "
    "assessing and addressing potential risks associated with virtual assets and new financial "
    "instruments."
)


@pytest.mark.parametrize(
    "question",
    [
        "what does resolution 2462 cover",
        "what does UNSCR 2462 cover",
        "what does S/RES/2462 (2019) cover",
        "what does res. 2462 cover",
        "UNSCR 2462",
    ],
)
def test_every_form_of_2462_gets_the_bullet_and_the_sentence_after_it(service, question):
    answer = ask(service, question)
    assert answer["citations"][0]["cited_text"] == BULLET
    assert answer["answer"].startswith(f"{BULLET} [1]")


def test_resolution_1540_is_told_to_be_absent(service):
    answer = ask(service, "what does resolution 1540 cover")
    assert not answer["answered"]
    assert answer["refusal"]["unknown_identifiers"] == ["resolution 1540"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("who founded GIFCT", "founded by Facebook, Google, Microsoft, and Twitter in 2017"),
        ("what is crowdfunding?", "an Internet-enabled way for businesses"),
        ("when was the UNODC tool launched", "Launched in October 2012"),
        ("who hosted the first expert meeting in 2010", "German Foreign"),
        ("does the publication cover cyber attacks?", "specifically excluded from its scope"),
    ],
)
def test_plain_questions_get_the_sentence_that_answers(service, question, words):
    assert words in ask(service, question)["answer"]


@pytest.mark.parametrize(
    "question", ["how do I bake sourdough bread", "what's the capital of France", "ما هو الطقس"]
)
def test_questions_off_the_topic_are_declined(service, question):
    answer = ask(service, question)
    assert (answer["answered"], answer["answer"], answer["citations"]) == (False, "", [])


def test_every_citation_and_passage_is_the_text_at_its_place(service):
    texts = {
        one["id"]: get(f"{service}/v1/documents/{one['id']}/text")
        for one in json.loads(get(f"{service}/v1/documents"))["documents"]
    }
    for question in ("digital evidence", "working group members", "resolutions 2395 and 2396"):
        answer = ask(service, question, top_k=50)
        for one in answer["citations"]:
            place = slice(one["start_char_index"], one["end_char_index"])
            assert texts[one["document_id"]][place] == one["cited_text"]
        for one in answer["passages"]:
            place = slice(one["start_char_index"], one["end_char_index"])
            assert texts[one["document_id"]][place] == one["text"]


def test_the_canonical_text_is_the_file(service):
    listed = json.loads(get(f"{service}/v1/documents"))["documents"]
    assert {one["source"] for one in listed} == {path.name for path in SEEDS.glob("*.txt")}
    for one in listed:
        text = get(f"{service}/v1/documents/{one['id']}/text")
        assert text.encode() == (SEEDS / one["source"]).read_bytes()


def test_the_same_question_gets_the_same_answer(service):
    first, second = (ask(service, "who leads the working group") for _ in range(2))
    first.pop("timings_ms")
    second.pop("timings_ms")
    assert first == second


def test_the_answer_that_the_readme_shows_is_the_answer(service):
    shown = json.loads(README.read_text(encoding="utf-8").split("```json")[1].split("```")[0])
    answer = ask(service, shown["question"], top_k=1)
    for name, value in shown.items():
        if name != "citations":
            assert answer[name] == value
    for name, value in shown["citations"][0].items():
        assert answer["citations"][0][name] == value


def test_answer_then_verify_on_the_command_line(environment, tmp_path: Path):
    def attest(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "index.main", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    answered = attest("ask", "who founded GIFCT", "--json")
    assert answered.returncode == 0
    file = tmp_path / "answer.json"
    file.write_text(answered.stdout)
    assert attest("verify", str(file)).returncode == 0
    assert attest("ask", "what does resolution 1540 cover").returncode == 3


def test_the_catalog_names_every_seed():
    catalog = tomllib.loads((SEEDS / "catalog.toml").read_text(encoding="utf-8"))
    assert set(catalog["documents"]) == {path.name for path in SEEDS.glob("*.txt")}
