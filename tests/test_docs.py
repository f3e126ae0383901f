"""The documents say what the code does: settings, commands, dependencies, files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer
from pydantic_settings import BaseSettings
from typer.testing import CliRunner

from eval.config import EvalSettings
from index.config import IndexSettings
from index.main import create
from qa.settings import ServiceSettings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.mark.parametrize("kind", [IndexSettings, ServiceSettings, EvalSettings])
def test_every_setting_stands_in_the_docs_with_its_default(kind: type[BaseSettings]):
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    for name, field in kind.model_fields.items():
        assert f"| `ATTEST_{name.upper()}` | `{field.default}` |" in page


def test_every_setting_in_the_docs_is_one():
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    kinds = (IndexSettings, ServiceSettings, EvalSettings)
    names = {name for kind in kinds for name in kind.model_fields}
    assert set(re.findall(r"^\| `ATTEST_(\w+)`", page, re.M)) == {name.upper() for name in names}


def test_every_dependency_is_explained_and_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    page = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    for one in named:
        package = re.split(r"[><=;\s]", one)[0]
        assert re.search(rf"\b{re.escape(package)}\b", page), package
        assert re.search(rf"^{package.replace('-', '[-_]')}==", pins, re.M), package


def test_every_command_that_the_readme_names_is_one():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    app = create()
    commands = set(typer.main.get_group(app).commands)
    named = set(re.findall(r"^    attest (\w+)", readme, re.M))
    assert named == commands


def test_the_two_commands_of_the_readme_are_there_and_explain_themselves():
    for name in ("serve", "test"):
        script = ROOT / "scripts" / name
        assert script.stat().st_mode & 0o111
        assert f"scripts/{name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_link_of_the_readme_leads_somewhere():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / target).is_file(), target


def test_every_module_is_in_the_route_that_the_architecture_tells():
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    for module in [
        path
        for name in ("index", "qa", "eval", "training")
        for path in ROOT.glob(f"{name}/**/*.py")
    ]:
        if module.name not in {
            "__init__.py",
            "__main__.py",
            "records.py",
            "config.py",
            "settings.py",
            "errors.py",
        }:
            assert f"`{module.name}`" in page or f"/{module.name}`" in page, module.name


def test_help_teaches_every_command():
    for command in ("index", "ask", "search", "serve", "verify"):
        shown = CliRunner().invoke(create(), [command, "--help"])
        assert shown.exit_code == 0
        assert len(shown.output.splitlines()) > 8
