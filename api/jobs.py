"""What happens without anybody asking: the scheduler and its jobs.

Each job may run late, twice or not at all for a while and still be right: it looks at what is stored,
not at when it was meant to run. Triggers are in UTC, which has no hour twice.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from api.connection_care import follow_lines
from api.context import Context
from api.forgetting import forget_old, privacy_of
from api.improving import Improver
from api.store.writer import Writer

_log = structlog.get_logger()

REALTIME_EVERY = timedelta(seconds=30)
TIMETABLE_EVERY = timedelta(hours=1)
TIDY_EVERY = timedelta(hours=1)
ANSWERS_KEPT = timedelta(hours=24)
FORGET_EVERY = timedelta(days=1)
_FORGET_AFTER = timedelta(minutes=10)
"""Not at the very start, when callers wait; but also where the server never runs for a whole day."""


def start_jobs(context: Context, improver: Improver | None = None) -> BackgroundScheduler:
    """Start the scheduler; the caller shuts it down. Without an improver plans stay as they are."""
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    scheduler.add_job(
        tidy, "interval", args=(context,), seconds=TIDY_EVERY.total_seconds(), id="tidy"
    )
    scheduler.add_job(
        forget_old,
        "interval",
        args=(context,),
        seconds=FORGET_EVERY.total_seconds(),
        id="forget",
        next_run_time=datetime.now(UTC) + _FORGET_AFTER,  # the scheduler's own clock
    )
    if improver is not None:
        every_s = improver.effort.every.total_seconds()
        scheduler.add_job(improver.run, "interval", seconds=every_s, id="improve")
    jobs = ("realtime", refresh, REALTIME_EVERY), ("timetable", renew, TIMETABLE_EVERY)
    for name, job, every in jobs:
        if any(getattr(region.feeds, name) for region in context.live.each()):
            scheduler.add_job(
                job,
                "interval",
                args=(context,),
                seconds=every.total_seconds(),
                id=name,
                next_run_time=datetime.now(UTC),  # at once; the scheduler's own clock
            )
    if any(region.feeds.timetable or region.now(0).timetable for region in context.live.each()):
        scheduler.add_job(  # a newer timetable makes lines late, too, where no news are told
            follow_lines,
            "interval",
            args=(context,),
            seconds=REALTIME_EVERY.total_seconds(),
            id="connections",
        )
    scheduler.start()
    return scheduler


def refresh(context: Context) -> None:
    """Fetch what is told about buses and trains; rides follow late lines."""
    for region in context.live.each():
        region.refresh(int(context.clock.now().timestamp()))
    follow_lines(context)


def renew(context: Context) -> None:
    """Fetch timetables that changed, and warn of those that end within 14 days."""
    now = context.clock.now()
    for region in context.live.each():
        region.renew(now.date(), int(now.timestamp()))


def tidy(context: Context) -> None:
    """Forget what is no longer needed: kept answers, addresses of refusals, days in memory."""
    now = context.clock.now()
    answers = context.database.write(lambda w: w.forget_answers(now - ANSWERS_KEPT))
    refusals = 0
    with context.database.reading() as reader:
        areas = tuple(reader.area_rows())
    for area_id in areas:
        before = now - privacy_of(context, area_id).refusals_named
        refusals += context.database.write(partial(_blur, before=before, area_id=area_id))
    context.days.forget(*context.in_use())
    _log.info("tidied", answers=answers, refusals=refusals)


def _blur(writer: Writer, before: datetime, area_id: str) -> int:
    return writer.blur_refusals(before, area_id)
