"""The wheel, installed apart from the checkout: it holds all that an index and an answer need."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.model

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "qa", "eval")
NOT_SHIPPED = {"eval/baselines/seeds.jsonl"}
"""What the gate compares with, which works on a checkout."""
PARTS = {"starlette": "fastapi", "pydantic-core": "pydantic"}
"""Packages that others are made of, and are used through."""
DOCUMENTS = {
    "orchard.txt": "The Orchard\n\nA narrow canal waters the orchard. Bees visit it in spring.\n",
    "harbour.md": "# The Harbour\n\nThe harbour was dredged in 1931. Its crane lifts nine tons.\n",
}
QUOTE = "The harbour was dredged in 1931."
WHERE = """
import index, eval, qa
from qa.service import pages
print(index.__file__, eval.__file__, qa.__file__, pages.__file__, sep="\\n")
assert "<h1>Nothing here</h1>" in pages.error(404, "not_found", "", "")
"""


def run(*command: str | Path, **options) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shipped() -> list[Path]:
    """The files of the packages, from the checkout's root."""
    found = (path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / name).rglob("*.*"))
    return sorted(
        one
        for one in found
        if (ROOT / one).is_file()
        and "__pycache__" not in one.parts
        and one.as_posix() not in NOT_SHIPPED
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    # From a copy: a build leaves a folder, and the next takes from it what is no longer in the
    # packages.
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", place)
    run(sys.executable, "-m", "pip", "wheel", *options, source)
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel) -> Path:
    """An environment with the project from its wheel, and its dependencies from this one."""
    place = wheel.parent / "environment"
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python)
    run(*pip, "install", "--no-deps", "--no-index", "--no-compile", wheel)
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    # A path file of that folder is not read, so the checkout that it may name is not found.
    (Path(purelib) / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return place


@pytest.fixture(scope="module")
def apart(wheel) -> dict[str, Any]:
    """Where and how commands run, so that nothing leads them to the checkout."""
    place = wheel.parent / "elsewhere"
    place.mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ATTEST_", "PYTHON", "COV"))
    }
    return {"cwd": place, "env": {**kept, "HF_HUB_OFFLINE": "1"}}


def test_the_wheel_holds_every_file_of_the_packages(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert [one for one in shipped() if one.as_posix() not in held] == []
    for name in (
        "qa/static/index.html",
        "qa/service/templates/document.html",
        "qa/data/tuning.toml",
        "index/data/languages/en.toml",
    ):
        assert name in held


def test_what_the_packages_import_is_a_dependency_of_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    wanted = [
        line for line in lines if line.startswith("Requires-Dist: ") and "extra ==" not in line
    ]
    named = {plain(re.split(r"[^\w.-]", line.split(" ", 1)[1])[0]) for line in wanted}
    providers = packages_distributions()
    for path in shipped():
        if path.suffix == ".py":
            for module in imported(path) - {*sys.stdlib_module_names, *PACKAGES}:
                found = {plain(one) for one in providers[module]}
                assert {PARTS.get(one, one) for one in found} & named, f"{path}: {module}"


def imported(path: Path) -> set[str]:
    """First names of what a module imports."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    names = [
        one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names
    ]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_installed_indexes_documents_and_quotes_them(installed, apart):
    files = run(installed / "bin" / "python", "-c", WHERE, **apart).split()
    assert len(files) == 4
    assert all(Path(one).is_relative_to(installed) for one in files)

    documents = apart["cwd"] / "documents"
    documents.mkdir()
    for name, text in DOCUMENTS.items():
        (documents / name).write_text(text, encoding="utf-8")
    attest = installed / "bin" / "attest"
    report = json.loads(run(attest, "index", documents, "--json", **apart))
    assert report["documents"] == 2
    answer = json.loads(run(attest, "ask", "When was the harbour dredged?", "--json", **apart))
    assert answer["answered"]
    assert QUOTE in answer["answer"]
    cited = answer["citations"][0]
    start, end = cited["start_char_index"], cited["end_char_index"]
    assert (cited["document_id"], cited["cited_text"]) == ("harbour", QUOTE)
    assert DOCUMENTS["harbour.md"][start:end] == QUOTE
