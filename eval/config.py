"""Settings of evaluation, read once from the environment and passed down."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class EvalSettings(BaseSettings):
    """Each field can be set in the environment as ``ATTEST_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="ATTEST_", frozen=True)

    runs: Path = Field(Path("var/runs"), description="Folder for the runs of `attest eval`.")
