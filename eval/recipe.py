"""What a run was made of, kept beside its scores: a figure without it says little."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARIES = (
    *("onnxruntime", "torch", "sentence-transformers", "faiss-cpu", "tantivy", "nltk"),
    *("fastapi", "ir_measures"),
)
ROOT = Path(__file__).parent.parent


def machine() -> str:
    """Processor, cores and Python, in one line."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        model = named[0] if named else model
    except OSError:
        pass
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}"


def versions() -> dict[str, str]:
    """Versions of the libraries that decide the figures."""
    return {name: version(name) for name in LIBRARIES}


@dataclass(frozen=True, slots=True)
class Recipe:
    """Where the figures of a run come from."""

    name: str
    questions: str
    """Name of the question set."""
    questions_digest: str
    count: int
    half: str
    """``tune``, ``test``, or ``all``."""
    top_k: int
    asked: str
    """``in process`` or ``over HTTP``."""
    clients: int
    index: dict[str, str]
    """Generation, fingerprint and corpus hash, as far as they are known."""
    settings: dict[str, Any]
    code: str
    """Hash of the code of the index and the pipeline; "" where they run elsewhere."""
    commit: str
    machine: str = field(default_factory=machine)
    versions: dict[str, str] = field(default_factory=versions)
    started: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    seconds: float = 0.0
    """Spent asking, over all parts of a run that was stopped and went on."""
    finished: bool = False

    def differences(self, other: Recipe) -> list[str]:
        """Names of what would make scores of the two not those of one run."""
        names = ("questions_digest", "half", "top_k", "asked", "index", "settings", "code")
        return [name for name in names if getattr(self, name) != getattr(other, name)]


def commit() -> str:
    """Commit of the code, with ``+`` where files differ from it; "" outside a checkout."""
    try:
        told = [
            subprocess.run(
                ["git", "-C", str(ROOT), *arguments],
                capture_output=True,
                text=True,
                check=True,
                timeout=10,
            ).stdout.strip()
            for arguments in (
                ("rev-parse", "--short=12", "HEAD"),
                ("status", "--porcelain", "-uno"),
            )
        ]
    except (OSError, subprocess.SubprocessError):
        return ""
    return told[0] + ("+" if told[1] else "")


@cache
def code_digest() -> str:
    """Hash of the modules that make answers, and of the weights that come with them."""
    digest = hashlib.sha256()
    patterns = ("index/**/*.py", "qa/**/*.py", "index/data/**/*", "qa/data/*")
    found = (path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())
    for path in sorted(found):
        digest.update(
            path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
        )
    return digest.hexdigest()[:16]
