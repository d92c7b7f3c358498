"""What reading a feed found: errors that refuse it, warnings that do not, and what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from gtfs.other_services import OtherService


class Severity(StrEnum):
    """Whether a finding refuses the feed."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a feed.

    Parameters
    ----------
    code
        Stable name such as ``dangling-reference``.
    message
        One sentence: what is wrong and what to do.
    file, line
        Where; the line counts from 1 (the header). None or empty where it concerns the whole.
    """

    severity: Severity
    code: str
    message: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """Sentence with its place, for people."""
        place = f"{self.file}, line {self.line}" if self.line is not None else self.file
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What a feed that was read holds, and what is odd about it.

    Parameters
    ----------
    file
        Name of the zip, without its folder.
    counts
        Numbers of things in the timetable and of things left out.
    first_day, last_day
        First and last date on which any trip runs.
    findings
        Warnings, in the order in which they were found.
    other_services
        On-demand services of the feed one can call (GTFS-Flex).
    """

    file: str
    first_day: date
    last_day: date
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    other_services: tuple[OtherService, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings as sentences with their places."""
        return tuple(str(f) for f in self.findings if f.severity is Severity.WARNING)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "file": self.file,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "counts": dict(self.counts),
            "findings": [
                {
                    "severity": finding.severity.value,
                    "code": finding.code,
                    "message": finding.message,
                    "file": finding.file,
                    "line": finding.line,
                }
                for finding in self.findings
            ],
        }
