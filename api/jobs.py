"""What happens without anybody asking: the jobs.

Each job may run late, twice or not at all for a while and still be right: it looks at what is stored,
not at when it was meant to run.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial

import structlog

from api.backups import Backups
from api.connection_care import follow_lines
from api.context import Context
from api.daily import Daily
from api.forgetting import forget_old, privacy_of
from api.improving import Improver
from api.lease import Lease
from api.measuring import measure_driven
from api.messages.address import Way
from api.messages.reminders import remind
from api.messages.sending import Outbox
from api.messages.sheet_mail import SheetMail
from api.roster.settling import settle_all
from api.scheduler import Job, Scheduler
from api.sealing import seal_all
from api.sheet_folder import KEPT as SHEETS_KEPT
from api.sheet_folder import SheetFolder
from api.standing_booking import book_due
from api.store.writer import Writer
from api.timetable_state import look

_log = structlog.get_logger()

REALTIME_EVERY = timedelta(seconds=30)
TIMETABLE_EVERY = timedelta(hours=1)
TIDY_EVERY = timedelta(hours=1)
STANDING_EVERY = timedelta(minutes=5)
"""How often dates of standing orders are looked for that have come within the booking horizon."""
SEND_EVERY = timedelta(seconds=3)
SHEETS_SENT_EVERY = timedelta(seconds=30)
SEAL_EVERY = timedelta(minutes=5)
"""What happened can be changed unnoticed for so long, by whoever can write into the database."""
REMIND_EVERY = timedelta(minutes=5)
LOOK_EVERY = timedelta(minutes=5)
"""How often daily work is looked for, and how old the last backup is."""
BACKUP_AT = time(1)
"""In UTC: no citizen bus runs then."""
FORGET_AT = time(2)
"""After the backup, which is thrown away itself one day."""
ANSWERS_KEPT = timedelta(hours=24)
JOBS_KEPT = timedelta(days=90)


def start_jobs(
    context: Context,
    improver: Improver | None = None,
    backups: Backups | None = None,
    sheets: SheetFolder | None = None,
    outbox: Outbox | None = None,
) -> Scheduler:
    """Start the jobs; the caller stops them. Without an improver plans stay as they are."""
    lease = Lease(context.database)
    jobs = [
        *_own(context, lease),
        *_shared(context, improver),
        *_telling(context, outbox),
        *_backing_up(context, backups),
    ]
    if sheets is not None:
        jobs.append(Job("sheets", sheets.run, LOOK_EVERY))
    mail = outbox.channels.get(Way.MAIL) if outbox is not None else None
    if sheets is not None and sheets.mails and mail is not None:
        jobs.append(Job("sheet-mail", SheetMail(sheets, mail).run, SHEETS_SENT_EVERY))
    scheduler = Scheduler(jobs, lease, context.alarms)
    scheduler.start()
    return scheduler


def _own(context: Context, lease: Lease) -> Iterator[Job]:
    """Yield what each process does for its own memory."""
    yield Job("days", partial(forget_days, context), TIDY_EVERY, everywhere=True)
    feeds = [region.feeds for region in context.live.each()]
    if any(each.realtime for each in feeds):
        news = partial(refresh, context, lambda: lease.held)
        yield Job("realtime", news, REALTIME_EVERY, at_once=True, everywhere=True)
    if _timetables(context):
        ends = partial(look_at_timetables, context)
        yield Job("timetable-end", ends, LOOK_EVERY, at_once=True, everywhere=True)
    if any(each.timetable for each in feeds):
        newer = partial(renew, context)
        yield Job("timetable", newer, TIMETABLE_EVERY, at_once=True, everywhere=True)


def _timetables(context: Context) -> bool:
    """Whether any region has a timetable, or will fetch one."""
    return any(region.feeds.timetable or region.now(0).timetable for region in context.live.each())


def look_at_timetables(context: Context) -> None:
    """Let an alarm ring while a timetable ends soon."""
    look(context.live, context.clock.now(), context.alarms)


def _shared(context: Context, improver: Improver | None) -> Iterator[Job]:
    """Yield what one process does for all."""
    yield Job("tidy", partial(tidy, context), TIDY_EVERY)
    yield Job("roster", partial(settle_all, context), TIDY_EVERY, at_once=True)
    nightly = Daily("forget", FORGET_AT, UTC, lambda _day: forget_old(context))
    yield Job("forget", partial(nightly.run, context), LOOK_EVERY)
    yield Job("seal", partial(seal_all, context), SEAL_EVERY)
    yield Job("standing", partial(book_due, context), STANDING_EVERY)
    yield Job("measure", partial(measure_driven, context), TIDY_EVERY)
    if improver is not None:
        yield Job("improve", improver.run, improver.effort.every)
    if _timetables(context):
        # a newer timetable makes lines late, too, where no news are told
        yield Job("connections", partial(follow_lines, context), REALTIME_EVERY)


def _telling(context: Context, outbox: Outbox | None) -> Iterator[Job]:
    """Yield what tells riders; sending has a thread of its own, and one that hangs holds up nothing else."""
    if outbox is None:
        return
    yield Job("messages", outbox.run, SEND_EVERY)
    if context.confirms:
        yield Job("reminders", partial(remind, context), REMIND_EVERY, at_once=True)


def _backing_up(context: Context, backups: Backups | None) -> Iterator[Job]:
    """Yield the nightly backup, and the look at how old the last one is."""
    if backups is None:
        return
    nightly = Daily("backup", BACKUP_AT, UTC, backups.make)
    yield Job("backup", partial(nightly.run, context), LOOK_EVERY)
    look = partial(backups.look, context.alarms)
    yield Job("look", look, LOOK_EVERY, at_once=True, everywhere=True)


def refresh(context: Context, decides: Callable[[], bool] = lambda: True) -> None:
    """Fetch what is told about buses and trains; rides follow late lines where this process decides."""
    for region in context.live.each():
        region.refresh(int(context.clock.now().timestamp()))
    if decides():
        follow_lines(context)


def renew(context: Context) -> None:
    """Fetch timetables that changed, and warn of those that end within 14 days."""
    now = context.clock.now()
    for region in context.live.each():
        region.renew(now.date(), int(now.timestamp()))


def forget_days(context: Context) -> None:
    """Let days no longer in use leave memory."""
    context.days.forget(*context.in_use())


def tidy(context: Context) -> None:
    """Delete what is no longer needed: kept answers, addresses of refusals, jobs long done."""
    now, database = context.clock.now(), context.database
    answers = database.write(lambda writer: writer.forget_answers(now - ANSWERS_KEPT))
    jobs = database.write(lambda writer: writer.forget_jobs(now - JOBS_KEPT))
    database.write(lambda writer: writer.forget_driver_sessions(now))
    database.write(lambda writer: writer.forget_ended(now))
    sheets = now.date() - SHEETS_KEPT
    database.write(lambda writer: writer.forget_sheet_mails(sheets))
    refusals = 0
    with database.reading() as reader:
        areas = tuple(reader.area_rows())
    for area_id in areas:
        before = now - privacy_of(context, area_id).refusals_named
        refusals += database.write(partial(_blur, before=before, area_id=area_id))
    _log.info("tidied", answers=answers, jobs=jobs, refusals=refusals)


def _blur(writer: Writer, before: datetime, area_id: str) -> int:
    return writer.blur_refusals(before, area_id)
