"""The folder of tour sheets: written each evening for the next day and each morning once more."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import structlog

from api import showing
from api.context import Context
from api.daily import Daily
from api.people.this_machine import AT_THIS_MACHINE
from regions.area import Area

_log = structlog.get_logger()

FOLDER = "tour-sheets"
EVENING, MORNING = time(20), time(4, 30)
"""On the area's clocks: those of tomorrow, and those of today with what came in overnight."""
KEPT = timedelta(days=2)
_ONE_DAY = timedelta(days=1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
"""Names of our folders: no other is ever deleted."""


@dataclass(frozen=True, slots=True)
class SheetFolder:
    """Tour sheets in the data folder, to be printed or read when nothing else works.

    Parameters
    ----------
    context
        What the service knows.
    data_dir
        Where the folder is.
    mails
        Whether there is a mail server to send them by.
    """

    context: Context
    data_dir: Path
    mails: bool = False

    def write(self, area: Area, day: date) -> Path:
        """Write the sheets of an area's day, whole or not at all; return the file. Older ones are replaced.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        content = sheets_of(self.context, area, day)
        folder = self.data_dir / FOLDER / day.isoformat()
        for each in (folder.parent, folder):
            each.mkdir(mode=0o700, exist_ok=True)
        target, fresh = self._file(area, day), folder / f".{area.id}.pdf"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        fresh.replace(target)
        _log.info("tour sheets written", area=area.id, day=day.isoformat())
        return target

    def read(self, area: Area, day: date) -> bytes:
        """Return the sheets of an area's day as they were written, anew if they are not here.

        Raises
        ------
        OSError
            The folder cannot be used.
        """
        try:
            return self._file(area, day).read_bytes()
        except FileNotFoundError:  # another process wrote them, on another machine
            return self.write(area, day).read_bytes()

    def run(self) -> None:
        """Write what is due and delete what is old; an area that fails does not stop the others."""
        failed: list[Exception] = []
        for daily in self._due():
            try:
                daily.run(self.context)
            except Exception as error:  # noqa: BLE001  # raised below, when all had their turn
                failed.append(error)
        self.forget()
        if failed:
            raise ExceptionGroup("tour sheets failed", failed)

    def forget(self) -> None:
        """Delete the sheets of days that have been over for long: they hold names and numbers."""
        folder = self.data_dir / FOLDER
        oldest = (self.context.clock.now().date() - KEPT).isoformat()
        for each in folder.iterdir() if folder.is_dir() else ():
            if _DAY.fullmatch(each.name) and each.name < oldest:
                shutil.rmtree(each)

    def _due(self) -> Iterator[Daily]:
        for area in self.context.areas():
            evening, morning = (
                partial(self._in_the_evening, area),
                partial(self._in_the_morning, area),
            )
            yield Daily(f"sheets-evening-{area.id}", EVENING, area.time_zone, evening)
            yield Daily(f"sheets-morning-{area.id}", MORNING, area.time_zone, morning)

    def _in_the_evening(self, area: Area, key: str) -> None:
        """Write the sheets of the next day; they go out by e-mail, once, whatever changes afterwards."""
        day = date.fromisoformat(key) + _ONE_DAY
        self.write(area, day)
        wanted = [mail_id(area.id, day, to) for to in area.tour_sheets.mail_to]
        if wanted and self.mails:
            now = self.context.clock.now()
            self.context.database.write(
                lambda writer: writer.put_sheet_mails(area.id, day, wanted, now)
            )
        elif wanted:
            _log.warning("tour sheets not mailed", area=area.id, code="no-mail-server")

    def _in_the_morning(self, area: Area, key: str) -> None:
        """Write the sheets once more; who did not get them by e-mail has another chance."""
        day, now = date.fromisoformat(key), self.context.clock.now()
        self.write(area, day)
        self.context.database.write(lambda writer: writer.retry_sheet_mails(area.id, day, now))

    def _file(self, area: Area, day: date) -> Path:
        return self.data_dir / FOLDER / day.isoformat() / f"{area.id}.pdf"


def mail_id(area_id: str, day: date, address: str) -> str:
    """Name the mail with the sheets of an area's day to an address; it does not tell the address."""
    return uuid5(NAMESPACE_URL, f"tour-sheets:{area_id}:{day}:{address}").hex


def sheets_of(context: Context, area: Area, day: date) -> bytes:
    """Return the tour sheets of an area's day as a PDF.

    Raises
    ------
    Problem
        ``area-unknown``, ``date-out-of-range``.
    """
    from api.tour_sheet import sheets  # noqa: PLC0415  # typst is large, and wanted twice a day

    tours = showing.tours(context, AT_THIS_MACHINE, day, area.id).tours
    return sheets(area, day, tours, context.clock.now())
