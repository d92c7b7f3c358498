"""Tours on paper: what a driver must know, written in time, once, and gone when they are old."""

import io
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from api.rights import Role
from api.sheet_folder import FOLDER, SheetFolder
from tests.api.people import signed_in

MONDAY, TUESDAY = date(2026, 3, 30), date(2026, 3, 31)
BERLIN = ZoneInfo("Europe/Berlin")


def read(content: bytes) -> list[str]:
    """Return the words of each page, one blank between."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def sheets(server: Any, day: date = MONDAY) -> list[str]:
    """Fetch the sheets of a day from the control room."""
    url = "/leitstelle/tourenblatt.pdf"
    answer = server.client.get(url, params={"gebiet": "talheim", "datum": day.isoformat()})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return read(answer.content)


def ride(server: Any, name: str, **more: Any) -> dict[str, Any]:
    """Book from one door to another."""
    day = more.pop("day", MONDAY)
    wish = {"depart_at": server.at("09:00", day), "passengers": more.pop("passengers", {"seat": 1})}
    offers = server.ask(server.place(0, 0, "Ahornweg 1"), server.place(4, 4), **wish)["offers"]
    return dict(server.take(offers[0], name=name, **more).json())


def test_a_sheet_says_what_the_driver_must_know(server: Any) -> None:
    party = {"seat": 1, "walker": 1}
    booking = ride(server, "Hedwig Öztürk", phone="07123 998877", passengers=party)
    ride(server, "Łucja Beck")
    gone = ride(server, "Abgesagt Niemand")
    server.client.delete(f"/v1/bookings/{gone['id']}")
    (page,) = sheets(server)
    visits = server.tours()["tours"][0]["visits"]
    for told in (
        "Bus 1, Montag, 30. März 2026",
        "A. Beck",
        "Dienst 07:00 bis 13:00 Uhr",
        "Ahornweg 1",
        "Einsteigen: Hedwig Öztürk, Telefon +49 7123 998877 1 × Sitzplatz, 1 × Rollator, nach",  # noqa: RUF001
        f"zugesagt {booking['promise']['pickup_from'][11:16]} bis",
        "Łucja Beck, ohne Telefon",
        f"Aussteigen: Hedwig Öztürk spätestens {booking['promise']['arrive_by'][11:16]}",
        "Gedruckt am 30. März 2026 um 06:00 Uhr",
        "+49 7123 4567",
        "Seite 1 von 1",
        *(visit["arrive"][11:16] for visit in visits),
    ):
        assert told in page, f"{told!r} is missing in {page}"
    assert "Niemand" not in page


def test_a_page_a_tour_and_days_without(start: Any) -> None:
    server = start()
    (page,) = sheets(server, TUESDAY)
    assert "Für diese Schicht war beim Druck nichts bestellt" in page
    (page,) = sheets(server, date(2026, 4, 4))  # no shift on Saturdays
    assert "keine Schicht eingetragen" in page


def test_only_for_who_sees_the_tours(server: Any) -> None:
    url, query = "/leitstelle/tourenblatt.pdf", {"gebiet": "talheim"}
    driver, office = signed_in(server, Role.DRIVER), signed_in(server, Role.MUNICIPALITY)
    other = signed_in(server, Role.PLANNER)
    assert server.client.get(url, params=query, headers=driver).status_code == 200
    assert server.client.get(url, params=query, headers=office).status_code == 403
    assert server.client.get(url, params=query, headers=other).status_code == 403
    assert server.client.get(url, params=query).status_code == 401
    assert server.client.get(url, params={"gebiet": "x"}, headers=driver).status_code == 404
    wrong = {"gebiet": "talheim", "datum": "0001-01-01"}
    assert server.client.get(url, params=wrong, headers=driver).status_code == 422


def files(server: Any) -> dict[str, Path]:
    """Return what lies in the folder."""
    folder = server.settings.data_dir / FOLDER
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*.pdf"))}


def test_written_in_the_evening_and_again_in_the_morning(server: Any) -> None:
    folder = SheetFolder(server.services.context, server.settings.data_dir)
    ride(server, "Hedwig Beck", day=TUESDAY)
    server.clock.move(hours=13.5)  # half past seven in the evening
    folder.run()
    assert f"{TUESDAY}/talheim.pdf" not in files(server)
    server.clock.move(hours=1)
    folder.run()
    path = files(server)[f"{TUESDAY}/talheim.pdf"]
    assert "Hedwig Beck" in read(path.read_bytes())[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    written = path.stat().st_mtime_ns
    ride(server, "Paula Spät", day=TUESDAY)
    folder.run()
    assert path.stat().st_mtime_ns == written
    server.clock.move(hours=9)
    folder.run()
    assert "Paula Spät" in read(path.read_bytes())[0]
    assert not list(path.parent.glob(".*"))


@pytest.mark.parametrize(
    "noon", [datetime(2026, 3, 27, 12, tzinfo=BERLIN), datetime(2026, 10, 23, 12, tzinfo=BERLIN)]
)
def test_every_day_once_when_the_clocks_change(start: Any, noon: datetime) -> None:
    """Each sheet is made twice, in the evening before and in the morning, in nights of 23 and 25 hours, too."""
    server = start(noon)
    folder = SheetFolder(server.services.context, server.settings.data_dir)
    made: list[tuple[str, str]] = []

    def write(self: SheetFolder, area: Any, day: date) -> Path:
        made.append((day.isoformat(), f"{self.context.clock.now().astimezone(BERLIN):%H:%M}"))
        return Path(area.id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SheetFolder, "write", write)
        folder.run()
        made.clear()
        for _ in range(4 * 96):
            server.clock.move(minutes=15)
            folder.run()
    days = [(noon.date() + timedelta(days=ahead)).isoformat() for ahead in (1, 2, 3, 4)]
    assert made == [(day, at) for day in days for at in ("20:00", "04:30")][: len(made)]
    assert len(made) >= 7


def test_old_ones_are_deleted_and_nothing_else(server: Any) -> None:
    folder = SheetFolder(server.services.context, server.settings.data_dir)
    area = server.services.all_areas()[0]
    for ahead in range(5):
        folder.write(area, MONDAY + timedelta(days=ahead))
    kept = server.settings.data_dir / FOLDER / "notes"
    kept.mkdir()
    server.clock.move(days=4)
    folder.forget()
    assert [name[:10] for name in files(server)] == ["2026-04-01", "2026-04-02", "2026-04-03"]
    assert kept.is_dir()


def test_one_area_that_fails_rings(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler, alarms = server.client.app.state.scheduler, server.services.context.alarms
    scheduler.beat()

    def full(*_: Any) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("api.sheet_folder.sheets_of", full)
        scheduler.do(scheduler.jobs["sheets"])
    assert [alarm.what for alarm in alarms.ringing()] == ["sheets"]
    assert files(server) == {}
    scheduler.do(scheduler.jobs["sheets"])
    assert alarms.ringing() == ()
    assert len(files(server)) == 1


def test_link_of_the_control_room(server: Any) -> None:
    page = server.client.get("/leitstelle", params={"datum": "2026-03-31"}).text
    assert "/leitstelle/tourenblatt.pdf?gebiet=talheim&amp;datum=2026-03-31" in page


def test_on_the_command_line(
    server: Any, village: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from buergerbus.cli import run

    ride(server, "Hedwig Beck", day=TUESDAY)
    command = ["tour-sheets", str(village), "--data-dir", str(tmp_path / "data")]
    assert run([*command, "--date", "2026-03-31"]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path == tmp_path / "data" / FOLDER / "2026-03-31" / "talheim.pdf"
    assert "Hedwig Beck" in read(path.read_bytes())[0]
    assert run([*command, "--date", "tomorrow"]) == 2
    assert datetime.now(UTC).date() > MONDAY
