"""Tour sheets by e-mail: one letter for each address, area and day; sent like messages to riders.

What waits holds neither address nor sheets: both are looked up when sending.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import structlog

from api.i18n import language
from api.messages.channels import Attachment, Channel, Failed, Letter, Sent
from api.messages.sending import TAKEN, TRIES, pause
from api.sheet_folder import SheetFolder, mail_id
from api.store.writer import Writer
from regions.area import Area

_log = structlog.get_logger()

ALARM = "sheets-not-mailed"
_TEXT = """Im Anhang sind die Touren von {area} für {day}.

Der Anhang enthält Namen und Telefonnummern.
Bitte leiten Sie ihn nicht weiter und löschen Sie die E-Mail nach dem Tag.

Was nach dem Druck bestellt oder abgesagt wird, steht nicht darin.
Den neuesten Stand hat die Leitstelle."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A mail taken: whose sheets, and where they go."""

    id: str
    area: Area
    day: date
    address: str


class SheetMail:
    """Sends; one process does, the one that holds the lease.

    Parameters
    ----------
    folder
        Where the sheets are.
    channel
        Takes letters with attachments.
    dice
        Spreads the pauses between tries.
    """

    def __init__(
        self, folder: SheetFolder, channel: Channel, dice: Callable[[], float] = random.random
    ) -> None:
        self._folder, self._channel, self._dice = folder, channel, dice
        self._context = folder.context

    def run(self) -> int:
        """Send what is due; return how many went out."""
        context, sent = self._context, 0
        with context.database.reading() as reader:
            due = reader.sheet_mails_due(context.clock.now())
        for each in due:
            task = self._take(each)
            result = None if task is None else self._send(task)
            sent += isinstance(result, Sent)
            if isinstance(result, Failed) and result.down:
                break  # the others would wait as long for nothing
        self._look()
        return sent

    def _take(self, mail: str) -> _Task | None:
        def work(writer: Writer) -> _Task | None:
            now, row = self._context.clock.now(), writer.lock_sheet_mail(mail)
            if row is None or row.state not in {"waiting", "sending"} or row.next_try > now:
                return None
            area, day = self._served(row.area_id), row.service_date
            found = () if area is None else area.tour_sheets.mail_to
            address = next((to for to in found if mail_id(row.area_id, day, to) == mail), None)
            if area is None or address is None or day < now.astimezone(area.time_zone).date():
                row.state = "skipped"
                return None
            row.state, row.attempts, row.next_try = "sending", row.attempts + 1, now + TAKEN
            return _Task(mail, area, day, address)

        return self._context.database.write(work)

    def _send(self, task: _Task) -> Sent | Failed:
        try:
            result = self._channel.send(self._letter(task), task.address)
        except Exception as error:  # noqa: BLE001  # one that cannot be sent holds up nobody
            result = Failed(f"error-{type(error).__name__}")
        self._context.database.write(lambda writer: self._note(writer, task.id, result))
        if isinstance(result, Failed):
            _log.warning("tour sheets not mailed", area=task.area.id, code=result.code)
        return result

    def _letter(self, task: _Task) -> Letter:
        area, day = task.area, task.day
        shown = language("de").day(day)
        return Letter(
            id=task.id,
            subject=f"{area.name}: Tourenblatt für {shown}",
            text=_TEXT.format(area=area.name, day=shown),
            attachments=(
                Attachment(f"tourenblatt-{day}-{area.id}.pdf", self._folder.read(area, day)),
            ),
        )

    def _note(self, writer: Writer, mail: str, result: Sent | Failed) -> None:
        row, now = writer.lock_sheet_mail(mail), self._context.clock.now()
        if row is None or row.state != "sending":
            return
        if isinstance(result, Sent):
            row.state, row.sent_at, row.last_error = "sent", now, None
            return
        row.last_error = result.code
        if result.retry and row.attempts < TRIES:
            row.state, row.next_try = "waiting", now + pause(row.attempts, self._dice())
        else:
            row.state = "dead"

    def _look(self) -> None:
        """Ring for areas whose sheets of today or later nobody got."""
        context, now = self._context, self._context.clock.now()
        with context.database.reading() as reader:
            dead = {
                area.id: reader.count_dead_sheet_mails(
                    area.id, now.astimezone(area.time_zone).date()
                )
                for area in context.areas()
            }
        for area_id, count in dead.items():
            (context.alarms.ring if count else context.alarms.quiet)(ALARM, area_id)

    def _served(self, area_id: str) -> Area | None:
        region = self._context.regions.get(area_id)
        return None if region is None else region.areas[area_id]
