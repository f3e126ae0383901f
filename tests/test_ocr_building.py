"""OCR in a build: when it is done, what is kept of it, what goes wrong, and who is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from printing import LEFT, TOP, Press, known, load
from scanning import Program, Scan, hocr_of, mixed

from index import generation, parse_cache
from index.build import Report, build
from index.config import IndexSettings, read
from index.errors import InvalidSetting, UnreadableDocument
from index.loading import tesseract
from index.loading.loader import Content
from index.loading.pdf import PdfLoader
from qa.pipeline import Answerer
from qa.service.schemas import AskRequest, CitationOut
from qa.settings import ServiceSettings

SAID = ["The harbour was closed for repairs in January", "and opened again before the year ended."]
INSTEAD = "`--ocr` reads them with tesseract"
LACKING = ", which is not installed (Debian: apt install tesseract-ocr)"
Index = Callable[..., Report]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    made = Program(tmp_path / "bin", monkeypatch)
    made.says(hocr_of(SAID))
    return made


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


@pytest.fixture(scope="module")
def scan() -> bytes:
    return Scan().text().text().made()


@pytest.fixture
def indexed(documents, settings, encoder) -> Index:
    """Builds an index of the files so far and of ``files``, with some settings changed."""

    def run(
        files: Mapping[str, str | bytes], how: Mapping[str, Any] = {}, **changed: Any
    ) -> Report:
        chosen = settings.model_copy(update=changed)
        return build([documents(files)], chosen, lambda _: encoder, **how)

    return run


def text_file() -> bytes:
    press = Press()
    press.add_page()
    press.column(LEFT, TOP, ["A report on lighthouses, which is printed and no picture at all."])
    return press.made()


def loaded(data: bytes, languages: str = "eng", seconds: float = 60) -> Content:
    recogniser = tesseract.of(languages, seconds)
    assert recogniser is not None
    return PdfLoader(recogniser).load(data, known)


# What is said where nothing is read


def test_a_scan_is_named_as_one(program: Program, scan: bytes):
    with pytest.raises(UnreadableDocument) as caught:
        load(scan)
    assert str(caught.value) == f"2 pages without text; {INSTEAD}"


@pytest.mark.parametrize("ocr", [False, True])
def test_it_says_that_the_program_is_not_installed(
    nothing_installed, scan: bytes, indexed: Index, ocr: bool
):
    report = indexed({"scan.pdf": scan, "mixed.pdf": mixed()[0]}, ocr=ocr)
    (skipped,) = report.skipped
    assert (skipped.name, skipped.reason) == (
        "scan.pdf",
        f"2 pages without text; {INSTEAD}{LACKING}",
    )
    (notice,) = report.notices
    assert notice.text == (
        "1 of 3 pages has no text that can be read, or hardly any over a picture; "
        f"`--ocr` reads it with tesseract{LACKING}"
    )


def test_what_is_said_is_of_now_and_not_of_when_the_file_was_read(
    program: Program, indexed: Index, monkeypatch
):
    assert indexed({"mixed.pdf": mixed()[0]}).notices[0].text.endswith("with tesseract")
    monkeypatch.setenv("PATH", "/nowhere")
    assert indexed({}).notices[0].text.endswith(LACKING)


# What is kept


def test_a_file_read_without_ocr_is_read_anew_with_it_and_not_twice(
    program: Program, scan: bytes, indexed: Index, settings: IndexSettings
):
    files = {"scan.pdf": scan, "mixed.pdf": mixed()[0], "text.pdf": text_file()}
    assert [one.name for one in indexed(files).skipped] == ["scan.pdf"]
    assert not program.calls()
    before = kept(settings)
    report = indexed({}, ocr=True)
    assert not report.skipped
    assert len(program.calls()) == 3
    notices = {one.name: one.text for one in report.notices}
    assert notices == {
        "scan.pdf": "pages 1-2 were read by OCR",
        "mixed.pdf": "page 2 was read by OCR",
    }
    entries = generation.open_current(settings.data).database.documents()
    read_so = {one.source: one.ocr_pages for one in entries}
    assert read_so == {"mixed.pdf": 1, "scan.pdf": 2, "text.pdf": 0}
    # What has no pictures is not read again, with OCR or without.
    assert len(kept(settings) - before) == 2
    assert not indexed({}, ocr=True).changed
    assert len(program.calls()) == 3
    without = indexed({})
    assert [one.name for one in without.skipped] == ["scan.pdf"]
    assert without.removed == ("scan.pdf",)
    assert not indexed({}, ocr=True).skipped
    assert len(program.calls()) == 3
    indexed({}, {"rebuild": True}, ocr=True)
    assert len(program.calls()) == 6


def test_a_build_that_is_stopped_has_not_read_in_vain(
    program: Program, scan: bytes, indexed: Index
):
    def stop(step: str, _done: int, _total: int) -> None:
        if step == "write":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexed({"scan.pdf": scan}, {"progress": stop}, ocr=True)
    assert len(program.calls()) == 2
    assert indexed({}, ocr=True).documents == 1
    assert len(program.calls()) == 2


def kept(settings: IndexSettings) -> set[str]:
    return {one.name for one in (settings.data / parse_cache.FOLDER).rglob("*.npz")}


def test_what_no_index_uses_any_more_is_removed(
    program: Program, scan: bytes, indexed: Index, settings: IndexSettings
):
    indexed({"scan.pdf": scan, "text.pdf": text_file()}, ocr=True, keep_generations=1)
    assert len(kept(settings)) == 2
    indexed({}, keep_generations=1)
    assert len(kept(settings)) == 1


def test_other_languages_are_another_reading(program: Program, scan: bytes, indexed: Index):
    program.does(f"cat > /dev/null; cat {program.folder}/answer", languages="fra eng osd")
    indexed({"scan.pdf": scan}, ocr=True)
    assert len(program.calls()) == 2
    assert "-l eng+fra " in program.calls()[0]
    indexed({}, ocr=True, ocr_languages="fra")
    assert len(program.calls()) == 4
    assert "-l fra " in program.calls()[-1]


def test_it_runs_on_one_core_and_is_told_the_resolution(program: Program, scan: bytes):
    loaded(scan)
    assert program.calls()[0] == "1 stdin stdout --dpi 300 -l eng -c hocr_char_boxes=1 hocr"


# Who is told


def test_progress_is_told_page_by_page(program: Program, scan: bytes, indexed: Index):
    told: list[tuple[str, int, int]] = []
    indexed({"scan.pdf": scan}, {"progress": lambda *step: told.append(step)}, ocr=True)
    assert [one for one in told if one[0] == "ocr"] == [("ocr", 0, 2), ("ocr", 1, 2), ("ocr", 2, 2)]


def test_pages_that_are_not_come_to_count_as_done(program: Program, scan: bytes, indexed: Index):
    told: list[tuple[str, int, int]] = []
    program.does("kill -KILL $PPID; sleep 5")
    how = {"progress": lambda *step: told.append(step)}
    report = indexed({"scan.pdf": scan, "a.txt": "A text."}, how, ocr=True)
    assert "ended (SIGKILL)" in report.skipped[0].reason
    assert [one for one in told if one[0] == "ocr"][-1] == ("ocr", 2, 2)


def test_citations_and_pages_say_that_they_were_read_by_ocr(
    program: Program, indexed: Index, settings: IndexSettings, encoder
):
    indexed({"mixed.pdf": mixed()[0]}, ocr=True)
    opened = generation.open_current(settings.data)
    (entry,) = opened.database.documents()
    text = opened.database.text(entry.id) or ""
    assert opened.database.ocr_pages(entry.id) == [2]
    start = text.index("The harbour was closed")
    assert opened.database.is_ocr(entry.id, start, start + 10)
    assert opened.database.is_ocr(entry.id, 0, len(text))
    for word in ("aaaaa", "ccccc"):
        start = text.index(word)
        assert not opened.database.is_ocr(entry.id, start, start + len(word))
    answerer = Answerer(opened, encoder, ServiceSettings(threshold=0))
    asked = AskRequest(question="Was the harbour closed for repairs in January?")
    answer = answerer.ask(asked.to_question())
    cited = CitationOut.all_of(answer.citations)[0]
    assert (cited.ocr, cited.page) == (True, 2)
    assert cited.boxes
    assert {one.ocr for one in answer.passages} == {True}


# What goes wrong


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ("kill -SEGV $$", r"tesseract failed \(SIGSEGV\)"),
        ("exit 3", r"tesseract failed \(exit code 3\)"),
        ("sleep 60", r"tesseract took longer than 0.4 s \(setting ATTEST_OCR_PAGE_SECONDS\)"),
        ("echo '<html><body>'", "what tesseract says of it cannot be read"),
    ],
)
def test_what_goes_wrong_is_the_failure_of_one_file(
    program: Program, scan: bytes, indexed: Index, commands: str, reason: str
):
    program.does(commands)
    files = {"scan.pdf": scan, "mixed.pdf": mixed()[0], "a.txt": "A text."}
    report = indexed(files, ocr=True, ocr_page_seconds=0.4)
    (skipped,) = report.skipped
    assert skipped.name == "scan.pdf"
    failed = rf"page \d was not read by OCR: {reason}"
    assert re.fullmatch(f"2 pages without text; {failed}; {failed}", skipped.reason)
    (notice,) = report.notices
    assert notice.name == "mixed.pdf"
    assert re.fullmatch(failed, notice.text)
    assert report.documents == 2


def test_a_file_on_which_it_fails_again_and_again_is_let_be(program: Program):
    program.does("exit 3")
    long = Scan()
    for number in range(6):
        long.text([f"Page {number}"])
    with pytest.raises(UnreadableDocument, match=r"page 3 was not .* 3 more were not read either$"):
        loaded(long.made())
    assert len(program.calls()) == 3


def test_a_program_that_is_removed_while_it_is_needed(program: Program, scan: bytes, monkeypatch):
    recogniser = tesseract.of("eng", 60)
    assert recogniser is not None
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UnreadableDocument, match="tesseract is not installed any more"):
        PdfLoader(recogniser).load(scan, known)


def test_a_language_that_is_not_installed_is_an_error_that_says_what_to_install(
    program: Program, scan: bytes, indexed: Index
):
    with pytest.raises(InvalidSetting, match=r"'chi_sim'.*apt install tesseract-ocr-chi-sim"):
        indexed({"scan.pdf": scan}, ocr=True, ocr_languages="eng+chi_sim")


@pytest.mark.parametrize(
    ("installed", "reason"),
    [
        ("osd", r"no language; install one \(Debian: apt install tesseract-ocr-eng\)"),
        ("ara deu eng fra osd spa", "5 languages, too many to try all; name those .* eng[+]fra"),
    ],
)
def test_languages_must_be_few_and_some(program: Program, installed: str, reason: str):
    program.does("exit 3", languages=installed)
    with pytest.raises(InvalidSetting, match=reason):
        tesseract.of("", 60)


def test_a_program_that_does_not_run_is_an_error_of_the_setting(program: Program):
    path = program.folder / "tesseract"
    path.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    with pytest.raises(InvalidSetting, match=r"ATTEST_OCR cannot be on: tesseract failed .*127"):
        tesseract.of("", 60)
    path.write_text("no program at all", encoding="utf-8")
    with pytest.raises(InvalidSetting, match="cannot be started"):
        tesseract.of("", 60)


@pytest.mark.parametrize("named", ["eng fra", "eng;rm", "-l", "eng++fra"])
def test_languages_are_named_by_tesseracts_names(monkeypatch, named: str):
    monkeypatch.setenv("ATTEST_OCR_LANGUAGES", named)
    with pytest.raises(InvalidSetting, match="ATTEST_OCR_LANGUAGES cannot be"):
        read(IndexSettings)


def test_the_setting_turns_it_on(monkeypatch):
    assert not read(IndexSettings).ocr
    monkeypatch.setenv("ATTEST_OCR", "on")
    assert read(IndexSettings).ocr
    monkeypatch.setenv("ATTEST_OCR", "maybe")
    with pytest.raises(InvalidSetting, match="ATTEST_OCR cannot be"):
        read(IndexSettings)


# How surely it was read


def test_what_is_read_unsurely_is_said(program: Program, scan: bytes):
    program.says(hocr_of(SAID, sure=64))
    (notice,) = loaded(scan).notices
    assert notice == (
        "pages 1-2 were read by OCR, not surely (confidence 64%): check against the pages what is "
        "quoted of them"
    )


def test_what_is_surely_no_text_is_left_out(program: Program, scan: bytes):
    program.says(hocr_of(["fj ~ ee |", "a8 ..."], sure=31))
    with pytest.raises(UnreadableDocument, match="OCR finds none either"):
        loaded(scan)
