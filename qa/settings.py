"""Settings of the service, read once from the environment and passed down."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Each field can be set in the environment as ``ATTEST_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="ATTEST_", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    candidates: int = Field(
        50, ge=10, le=500, description="Passages that each ranker proposes and MaxSim ranks."
    )
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Confidence under which a question is declined; None: as `risk` has it.",
    )
    risk: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Of the answers given, at most this share may be wrong (0.1: one in ten): the "
        "lower, the more is declined. None: the threshold that comes with the confidence. Not "
        "beside `threshold`.",
    )
    max_body_kb: int = Field(512, ge=16, description="Request bodies above this (KiB) are refused.")
    uploads: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Who may add and take away documents: `auto`, whoever is at this machine; "
        "`on`, whoever reaches the service; `off`, nobody.",
    )
    max_upload_mb: float = Field(
        100.0, gt=0, description="Uploads above this (MiB, all files of one) are refused."
    )
    max_upload_files: int = Field(50, ge=1, description="Files that one upload may bring.")
    reload_seconds: float = Field(
        0.5, gt=0, description="How often a running service looks for a new index."
    )
    shutdown_seconds: int = Field(
        10, ge=1, description="How long requests under way may take after SIGTERM."
    )
    feedback_max_mb: float = Field(
        16.0, ge=0, description="Size (in MiB) past which no more feedback is taken; 0: none."
    )
    pictures_max_mb: float = Field(
        256.0, ge=0, description="Pictures of pages kept on disk (in MiB); 0: none."
    )
    draw_seconds: float = Field(
        10.0, gt=0, description="A page that takes longer to draw (in seconds) is not shown."
    )
    draw_memory_mb: int = Field(
        512, ge=64, description="Nor is one that takes more memory to draw (in MiB)."
    )

    @model_validator(mode="after")
    def _by_one_of_the_two(self) -> Self:
        if self.threshold is not None and self.risk is not None:
            raise ValueError("ATTEST_THRESHOLD and ATTEST_RISK exclude each other; set one of them")
        return self
