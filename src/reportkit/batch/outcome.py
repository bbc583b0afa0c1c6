"""What became of a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from reportkit.errors import Issue
from reportkit.project import Job
from reportkit.signs import one_line, visible

Status = Literal["built", "up-to-date", "invalid", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of a job: the files made, the issues found, and for a failure the reason.

    `inputs` are the files the report was made from and `digests` the files made, each with its SHA-256 (inputs by their
    path in the project); `sizes` are those of the files made; `seconds` says where the time went. `stops` is set when
    what kept this report from being made will keep all others from it too: a full disk, a folder that cannot be
    written. `printed` are the lines that its cells have printed, if they were asked for. `warnings` are sentences that
    name a cell of the notebook and what a person should look at. In the reason's lines and in the warnings no sign is
    hidden.
    """

    job: Job
    status: Status
    files: tuple[Path, ...] = ()
    issues: tuple[Issue, ...] = ()
    reason: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    digests: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    stops: bool = False
    warnings: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", visible(self.reason))
        object.__setattr__(self, "warnings", tuple(map(one_line, self.warnings)))
        object.__setattr__(self, "printed", tuple(map(one_line, self.printed)))

    @property
    def errors(self) -> list[Issue]:
        """The issues that keep the report from being made."""
        return [issue for issue in self.issues if issue.severity == "error"]

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as plain JSON values, as `--log-json` writes them."""
        return {
            "params": self.job.place,
            "status": self.status,
            "files": [self.job.project.shown(path) for path in self.files],
            "issues": [issue.as_dict() for issue in self.issues],
            "warnings": list(self.warnings),
            **({"printed": list(self.printed)} if self.printed else {}),
            "reason": self.reason,
            "seconds": {name: round(value, 4) for name, value in self.seconds.items()},
        }
