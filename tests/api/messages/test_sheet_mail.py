"""Tour sheets reach those who are to print them, once, whatever the mail server does."""

import io
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pypdf import PdfReader

from api.jobs import tidy
from api.messages.channels import Failed, Letter, Sent
from api.messages.mail import Mail
from api.messages.sending import TRIES
from api.messages.settings import MessageSettings
from api.messages.sheet_mail import ALARM, SheetMail
from api.sheet_folder import FOLDER, SheetFolder
from regions.sheets import TourSheets
from tests.api.conftest import MONDAY
from tests.api.messages.conftest import Recorder

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
TUESDAY = MONDAY + timedelta(days=1)
OFFICE, DRIVERS = "buero@example.org", "fahrer@example.org"


class Inbox:
    """What the SMTP server took, or why not."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], Any]] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        if self.answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append((envelope.rcpt_tos, letter))
        return self.answer


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    """Run an SMTP server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    box = Inbox()
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    yield box, port
    controller.stop()


def smtp(port: int) -> MessageSettings:
    """Return settings with a mail server of this machine."""
    return MessageSettings(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="bus@example.org"
    )


class Evening:
    """A village on Monday at half past eight in the evening, its sheets, and who they are sent by."""

    def __init__(self, start: Any, region: Any, *to: str, mails: bool = True, **more: Any) -> None:
        self._start, self._region, self._more = start, region, more
        self.again(*to)
        offers = self.server.ask(
            self.server.place(0, 0),
            self.server.place(4, 4),
            depart_at=self.server.at("09:00", TUESDAY),
        )["offers"]
        assert self.server.take(offers[0], name="Hedwig Öztürk").status_code == 201
        self.server.clock.move(hours=14.5)
        self.mails = mails

    def again(self, *to: str) -> None:
        """Start the server with these addresses in the area file."""
        sheets = TourSheets(to)
        area = replace(self._region.areas["talheim"], tour_sheets=sheets)
        regions = {"talheim": replace(self._region, areas={"talheim": area})}
        now = (self.server.clock.now(),) if hasattr(self, "server") else ()
        self.server = self._start(*now, regions=regions, improve=False, **self._more)
        for job in ("sheets", "sheet-mail"):
            if self.server.client.app.state.scheduler.started.get_job(job):
                self.server.client.app.state.scheduler.started.remove_job(job)

    @property
    def folder(self) -> SheetFolder:
        """The folder of the sheets."""
        return SheetFolder(self.server.services.context, self.server.settings.data_dir, self.mails)

    def post(self, channel: Any) -> SheetMail:
        """Return what sends them."""
        return SheetMail(self.folder, channel, dice=lambda: 1.0)

    def rows(self) -> list[tuple[str, int, str | None]]:
        """States, tries and errors of Tuesday's mails."""
        with self.server.services.context.database.reading() as reader:
            found = reader.sheet_mails("talheim", TUESDAY)
        return sorted((row.state, row.attempts, row.last_error) for row in found)

    def alarms(self) -> list[tuple[str, str]]:
        """Return what rings."""
        ringing = self.server.services.context.alarms.ringing()
        return [(alarm.code, alarm.what) for alarm in ringing if alarm.code == ALARM]


@BOTH
def test_each_address_gets_the_sheets_once(
    start: Any, region: Any, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    here = Evening(start, region, OFFICE, DRIVERS)
    here.folder.run()
    here.folder.run()
    post = here.post(Mail(smtp(port)))
    assert (post.run(), post.run()) == (2, 0)
    here.server.clock.move(hours=9)  # the sheets of the morning are written, and not sent again
    here.folder.run()
    assert post.run() == 0
    assert sorted(to for (to,), _ in box.taken) == [OFFICE, DRIVERS]
    assert len({letter["Message-ID"] for _, letter in box.taken}) == 2
    (_, letter), *_ = box.taken
    assert letter["Subject"] == "Bürgerbus Talheim: Tourenblatt für Dienstag, 31. März"
    (sheet,) = letter.iter_attachments()
    assert sheet.get_filename() == "tourenblatt-2026-03-31-talheim.pdf"
    assert sheet.get_content_type() == "application/pdf"
    page = PdfReader(io.BytesIO(sheet.get_content())).pages[0].extract_text()
    assert "Hedwig Öztürk" in page
    body = letter.get_body().get_content()
    assert "Touren von Bürgerbus Talheim für Dienstag, 31. März" in body
    assert "Hedwig" not in body
    assert here.rows() == [("sent", 1, None)] * 2


@BOTH
def test_neither_address_nor_sheets_are_in_the_database(start: Any, region: Any) -> None:
    here = Evening(start, region, OFFICE)
    here.folder.run()
    database = here.server.services.context.database
    with database.reading() as reader:
        (row,) = reader._session.connection().exec_driver_sql("SELECT * FROM sheet_mail")
    assert OFFICE not in str(row)
    assert max(len(str(value)) for value in row) <= 36
    here.server.clock.move(days=3)
    tidy(here.server.services.context)
    assert here.rows() == [("waiting", 0, None)]
    here.server.clock.move(days=1)
    tidy(here.server.services.context)
    assert here.rows() == []


def test_nobody_is_written_to_unless_named(start: Any, region: Any) -> None:
    here, channel = Evening(start, region), Recorder()
    here.folder.run()
    assert here.post(channel).run() == 0
    assert here.rows() == []
    assert (here.server.settings.data_dir / FOLDER / f"{TUESDAY}/talheim.pdf").is_file()


def test_without_a_mail_server_nothing_waits(start: Any, region: Any) -> None:
    here = Evening(start, region, OFFICE, mails=False)
    here.folder.run()
    assert here.rows() == []
    assert "sheet-mail" not in here.server.client.app.state.scheduler.jobs


def test_the_server_does_so_by_itself(start: Any, region: Any, inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    here = Evening(start, region, OFFICE, messages=smtp(port))
    scheduler = here.server.client.app.state.scheduler
    scheduler.beat()
    for job in ("sheets", "sheet-mail", "sheets", "sheet-mail"):
        scheduler.do(scheduler.jobs[job])
    assert [to for to, _ in box.taken] == [[OFFICE]]


@BOTH
def test_a_mail_server_that_is_down_is_tried_again_and_given_up(start: Any, region: Any) -> None:
    here = Evening(start, region, OFFICE)
    here.folder.run()
    channel = Recorder(fails=[Failed("smtp-451")] * TRIES)
    post = here.post(channel)
    waited = timedelta()
    for tries in range(1, TRIES):
        assert post.run() == 0
        assert here.rows() == [("waiting", tries, "smtp-451")]
        assert post.run() == 0  # not before its time
        assert here.rows() == [("waiting", tries, "smtp-451")]
        step = timedelta(seconds=30) * 2 ** (tries - 1)
        here.server.clock.move(seconds=step.total_seconds())
        waited += step
    assert here.alarms() == []
    post.run()
    assert here.rows() == [("dead", TRIES, "smtp-451")]
    assert here.alarms() == [(ALARM, "talheim")]
    here.server.clock.move(hours=9)  # the morning's sheets are another chance
    here.folder.run()
    assert post.run() == 1
    assert here.rows() == [("sent", 1, None)]
    assert here.alarms() == []
    assert waited < timedelta(hours=2)


def test_an_address_that_is_refused_is_given_up_at_once(
    start: Any, region: Any, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    box.answer = "554 never"
    here = Evening(start, region, OFFICE)
    here.folder.run()
    here.post(Mail(smtp(port))).run()
    assert here.rows() == [("dead", 1, "smtp-554")]
    here.server.clock.move(hours=30)  # its day is over
    here.post(Recorder()).run()
    assert here.alarms() == []


def test_one_that_fails_holds_up_no_other(start: Any, region: Any) -> None:
    here = Evening(start, region, OFFICE, DRIVERS)
    here.folder.run()
    channel = Recorder(fails=[Failed("recipient-refused", retry=False)])
    assert here.post(channel).run() == 1
    assert here.rows() == [("dead", 1, "recipient-refused"), ("sent", 1, None)]


def test_a_crash_while_sending_repeats_it_under_the_same_id(start: Any, region: Any) -> None:
    here = Evening(start, region, OFFICE)
    here.folder.run()

    class Dies(Recorder):
        def send(self, letter: Letter, address: str) -> Sent | Failed:
            super().send(letter, address)
            raise KeyboardInterrupt

    dies, lives = Dies(), Recorder()
    with pytest.raises(KeyboardInterrupt):
        here.post(dies).run()
    assert here.post(lives).run() == 0
    here.server.clock.move(minutes=3)
    assert here.post(lives).run() == 1
    assert dies.letters[0][1].id == lives.letters[0][1].id


def test_addresses_are_those_of_the_area_file_when_it_is_sent(start: Any, region: Any) -> None:
    here = Evening(start, region, OFFICE, DRIVERS)
    here.folder.run()
    here.again(DRIVERS)
    channel = Recorder()
    assert here.post(channel).run() == 1
    assert [to for to, _ in channel.letters] == [DRIVERS]
    assert [state for state, *_ in here.rows()] == ["sent", "skipped"]


def test_sheets_of_a_day_that_is_over_are_not_sent(start: Any, region: Any) -> None:
    here, channel = Evening(start, region, OFFICE), Recorder()
    here.folder.run()
    here.server.clock.move(days=2)
    assert here.post(channel).run() == 0
    assert here.rows() == [("skipped", 0, None)]
    assert here.alarms() == []


def test_sheets_written_on_another_machine_are_written_here(start: Any, region: Any) -> None:
    here, channel = Evening(start, region, OFFICE), Recorder()
    here.folder.run()
    (here.server.settings.data_dir / FOLDER / f"{TUESDAY}/talheim.pdf").unlink()
    assert here.post(channel).run() == 1
    ((_, letter),) = channel.letters
    assert letter.attachments[0].content.startswith(b"%PDF")
