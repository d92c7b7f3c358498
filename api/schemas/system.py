"""Answers about the server itself, and the problem document."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import ConfigDict

from api.schemas.fields import Answer


class TimeAnswer(Answer):
    """What the injected clock says."""

    now: datetime


class ImprovementAnswer(Answer):
    """The last better plan that was taken over: when, for which day, and the kilometres it saves."""

    at: datetime
    area_id: str
    service_date: date
    saved_km: float


class TimetableAnswer(Answer):
    """The timetable of a region: its last day (warn 14 days before), and when realtime was told."""

    region: str
    last_day: date
    days_left: int
    realtime_at: datetime | None = None


class JobsAnswer(Answer):
    """Which process does the jobs (None: nobody known yet), and whether it is the one that answers."""

    holder: str | None
    here: bool


class AlarmAnswer(Answer):
    """Something an administrator should look at: kind (docs/operations.md), with what, since when."""

    code: str
    what: str
    since: datetime


class HealthAnswer(Answer):
    """The process is alive; what rings in ``alarms`` needs a person."""

    status: Literal["ok"] = "ok"
    jobs: JobsAnswer
    last_backup: datetime | None = None
    alarms: tuple[AlarmAnswer, ...] = ()
    improvement: ImprovementAnswer | None = None
    timetables: tuple[TimetableAnswer, ...] = ()


class ReadyAnswer(Answer):
    """The server can answer: database reachable, areas open."""

    status: Literal["ready"] = "ready"
    areas: int


class ProblemDocument(Answer):
    """An error as RFC 9457 describes it; further members depend on the code."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[dict[str, Any]] | None = None
