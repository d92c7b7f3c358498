"""Sign in with name, password and code; who tries in vain is locked out; sessions end."""

import re
from datetime import timedelta
from statistics import median
from time import process_time
from typing import Any

import pyotp
import pytest

from api.errors import Problem
from api.people import accounts, passwords, second_factor, sessions, sign_in
from api.people.sign_in import Door
from api.people.this_machine import AT_THIS_MACHINE
from api.rights import Role

PASSWORD = "sieben graue Kraniche"  # noqa: S105  # of a server that lives for a second
WRONG = "falsch"
NEW = "vier mal vier Räder"
HTML = {"Accept": "text/html"}


@pytest.fixture
def house(start: Any) -> Any:
    """Start a server whose first account is Ada's, an administrator."""
    server = start()
    context = server.services.context
    now = context.clock.now()
    accounts.add_administrator(context.database, "Ada", "ada@example.org", PASSWORD, now)
    return server


def post(server: Any, path: str, **fields: str) -> Any:
    """Send a form; return the answer without following it."""
    return server.client.post(path, data=fields, headers=HTML, follow_redirects=False)


def enter(server: Any, login: str = "ada@example.org", password: str = PASSWORD) -> Any:
    """Send the sign-in form."""
    return post(server, "/anmelden", anmeldung=login, passwort=password)


def where(answer: Any) -> str:
    """Return where an answer sends the browser."""
    return str(answer.headers["location"])


def events(server: Any) -> list[str]:
    """Return what happened to Ada's account."""
    with server.services.context.database.reading() as reader:
        account = reader.account_of("ada@example.org")
        return [row.type for row in reader.account_events(account.id)]


def with_second_factor(server: Any) -> tuple[pyotp.TOTP, list[str]]:
    """Sign Ada in and set the second factor up; return her app and the recovery codes."""
    enter(server)
    page = server.client.get("/konto/zweiter-schritt", headers=HTML)
    assert 'src="data:image/svg+xml' in page.text
    secret = re.search(r'name="geheimnis" value="([A-Z2-7]{32})"', page.text)
    assert secret is not None
    app = pyotp.TOTP(secret[1])
    shown = post(server, "/konto/zweiter-schritt", geheimnis=secret[1], code=app.now())
    assert shown.status_code == 200, shown.text
    return app, re.findall(r"<code>([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})</code>", shown.text)


def next_code(monkeypatch: pytest.MonkeyPatch, app: pyotp.TOTP, steps: int = 1) -> str:
    """Let the world's time pass and return the code the app shows then."""
    present = second_factor._world_time() + 30 * steps
    monkeypatch.setattr(second_factor, "_world_time", lambda: present)
    return app.at(int(present))


@pytest.mark.parametrize("store_url", ["sqlite", "postgres"], indirect=True)
def test_strangers_are_sent_to_sign_in_and_back(house: Any) -> None:
    client = house.client
    sent = client.get("/leitstelle?datum=2026-03-30", headers=HTML, follow_redirects=False)
    assert (sent.status_code, where(sent)) == (
        303,
        "/anmelden?weiter=%2Fleitstelle%3Fdatum%3D2026-03-30",
    )
    form = client.get(where(sent), headers=HTML)
    assert 'name="weiter" value="/leitstelle?datum=2026-03-30"' in form.text
    inside = post(
        house, "/anmelden", anmeldung=" ADA@example.org ", passwort=PASSWORD,
        weiter="/leitstelle?datum=2026-03-30",
    )  # fmt: skip
    assert where(inside).startswith("/konto/zweiter-schritt?weiter=%2Fleitstelle")
    cookie = inside.headers["set-cookie"]
    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/leitstelle").status_code == 200
    assert client.get("/v1/tours?date=2026-03-30").status_code == 200
    post(house, "/abmelden")
    assert client.get("/v1/tours?date=2026-03-30").status_code == 401
    assert events(house) == ["added", "signed_in", "signed_out"]


@pytest.mark.parametrize(
    "after",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "/%0d%0aX: y",
        "\n/x",
    ],
)
def test_nobody_is_sent_to_other_hosts(house: Any, after: str) -> None:
    answer = post(house, "/anmelden", anmeldung="ada@example.org", passwort=PASSWORD, weiter=after)
    onward = where(answer)
    assert onward.startswith("/")
    assert "evil" not in onward
    assert "\n" not in onward


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("ada@example.org", PASSWORD + "x"),
        ("ada@example.org", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("a" * 5000, "b" * 5000),
        ("ada@example.org\0", PASSWORD),
    ],
)
def test_what_is_wrong_is_not_said(house: Any, login: str, password: str) -> None:
    answer = enter(house, login, password)
    assert answer.status_code == 401
    assert "Name, Passwort oder Code stimmen nicht." in answer.text
    assert "set-cookie" not in answer.headers
    assert PASSWORD not in answer.text


def test_behind_tls_the_cookie_is_of_this_host_only(house: Any) -> None:
    answer = house.client.post(
        "https://localhost/anmelden",
        data={"anmeldung": "ada@example.org", "passwort": PASSWORD},
        headers=HTML,
        follow_redirects=False,
    )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{sessions.COOKIE}=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    plain = {"Cookie": f"{sessions.PLAIN_COOKIE}={token}"}
    assert house.client.get("https://localhost/leitstelle", headers=plain).status_code == 401


@pytest.mark.usefixtures("house")
def test_without_tls_nobody_signs_in_from_elsewhere(start: Any) -> None:
    server = start(trusted_hosts=("localhost", "bus.example"))
    answer = server.client.post(
        "http://bus.example/anmelden",
        data={"anmeldung": "ada@example.org", "passwort": PASSWORD},
        headers={"Origin": "http://bus.example"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "https-needed")


@pytest.mark.parametrize(
    "path", ["/anmelden", "/abmelden", "/konto/passwort", "/leitstelle/konten"]
)
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_forms_of_other_sites_are_refused(house: Any, path: str, headers: dict[str, str]) -> None:
    enter(house)
    answer = house.client.post(path, data={"anmeldung": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    assert house.client.get("/leitstelle").status_code == 200


@pytest.mark.parametrize("store_url", ["sqlite", "postgres"], indirect=True)
def test_five_wrong_tries_lock_the_account_for_longer_and_longer(house: Any) -> None:
    """Also a restart does not help, and the right password neither."""
    waits = []
    for _ in range(3):
        tries = 0
        while (answer := enter(house, password=WRONG)).status_code == 401:
            tries += 1
        waits.append((tries, int(answer.headers["retry-after"])))
        assert enter(house).status_code == 429
        house.clock.move(seconds=waits[-1][1] + 1)
    assert waits[0] == (5, 60)
    assert waits[1][0] == 3
    assert 800 < waits[1][1] <= 900
    assert waits[2][1] > 900
    assert events(house).count("locked") == 0  # nobody's name is needed for that
    assert enter(house).status_code == 303


def test_a_lock_survives_a_restart(house: Any, start: Any) -> None:
    for _ in range(5):
        enter(house, password=WRONG)
    assert enter(start()).status_code == 429


def test_five_wrong_tries_lock_the_address_too(house: Any) -> None:
    for number in range(5):
        assert enter(house, login=f"somebody{number}").status_code == 401
    assert enter(house).status_code == 429
    house.clock.move(minutes=2)
    assert enter(house).status_code == 303


def test_right_tries_are_not_counted(house: Any) -> None:
    for _ in range(14):
        assert enter(house).status_code == 303
    for _ in range(5):
        assert enter(house, password=WRONG).status_code == 401


def test_counts_name_nobody(house: Any) -> None:
    enter(house, login="somebody", password=WRONG)
    database = house.settings.data_dir / "buergerbus.sqlite"
    stored = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert b"somebody" not in stored
    assert b"testclient" not in stored


def test_unknown_names_take_as_long_as_wrong_passwords(house: Any) -> None:
    """The median of 40 pairs, in time of the processor: waiting for the disk and for others is the same."""

    def one(login: str) -> float:
        house.clock.move(hours=2)  # or both would be locked after five tries
        door = Door(house.services.context, "secret", "192.0.2.7", "")
        began = process_time()
        with pytest.raises(Problem):
            sign_in.with_password(door, login, "falsch")
        return process_time() - began

    logins = ("ada@example.org", "nobody@example.org")
    pairs = []
    for number in range(40):
        times = {login: one(login) for login in logins[:: -1 if number % 2 else 1]}
        pairs.append(times[logins[0]] - times[logins[1]])
    assert abs(median(pairs)) < 0.005, median(pairs)


def test_second_factor_is_asked_for_and_each_code_taken_once(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = with_second_factor(house)
    used = app.at(int(second_factor._world_time()))
    post(house, "/abmelden")
    answer = enter(house)
    assert where(answer) == "/anmelden/code"
    before = answer.headers["set-cookie"]
    assert house.client.get("/leitstelle").status_code == 401
    assert house.client.get("/konto").status_code == 401
    assert post(house, "/anmelden/code", code=used).status_code == 401
    assert post(house, "/anmelden/code", code="000000").status_code == 401
    code = next_code(monkeypatch, app)
    inside = post(house, "/anmelden/code", code=f"{code[:3]} {code[3:]}")
    assert where(inside) == "/leitstelle"
    assert inside.headers["set-cookie"] != before
    assert house.client.get("/leitstelle").status_code == 200
    post(house, "/abmelden")
    enter(house)
    assert post(house, "/anmelden/code", code=code).status_code == 401


def test_a_code_comes_within_five_minutes_or_not_at_all(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = with_second_factor(house)
    post(house, "/abmelden")
    enter(house)
    house.clock.move(minutes=6)
    late = post(house, "/anmelden/code", code=next_code(monkeypatch, app))
    assert where(late) == "/anmelden"


def test_codes_are_locked_like_passwords(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _ = with_second_factor(house)
    post(house, "/abmelden")
    enter(house)
    tried = [post(house, "/anmelden/code", code="000000").status_code for _ in range(6)]
    assert tried[:4] == [401] * 4  # the password was the first try of five
    assert tried[-1] == 429
    code = next_code(monkeypatch, app)
    assert post(house, "/anmelden/code", code=code).status_code == 429


def test_recovery_codes_open_once(house: Any) -> None:
    _, codes = with_second_factor(house)
    assert len(set(codes)) == second_factor.CODES
    post(house, "/abmelden")
    enter(house)
    assert post(house, "/anmelden/code", code=codes[0].lower()).status_code == 303
    assert "Noch" not in house.client.get("/konto", headers=HTML).text
    assert "7 Ersatz-Codes" in house.client.get("/konto", headers=HTML).text
    post(house, "/abmelden")
    enter(house)
    assert post(house, "/anmelden/code", code=codes[0]).status_code == 401
    wrong = codes[1][:-1] + ("A" if codes[1][-1] != "A" else "B")
    assert post(house, "/anmelden/code", code=wrong).status_code == 401
    assert post(house, "/anmelden/code", code=codes[1]).status_code == 303


@pytest.mark.parametrize(
    ("steps", "open_"),
    [((timedelta(minutes=119),) * 3, True), ((timedelta(minutes=121),), False)],
)
def test_sessions_end_when_nobody_uses_them(
    house: Any, steps: tuple[timedelta, ...], *, open_: bool
) -> None:
    enter(house)
    for step in steps:
        house.clock.move(seconds=step.total_seconds())
        status = house.client.get("/v1/tours?date=2026-03-30").status_code
    assert (status == 200) is open_


def test_sessions_end_after_half_a_day_however_busy(house: Any) -> None:
    enter(house)
    for _ in range(11):
        house.clock.move(hours=1)
        assert house.client.get("/v1/tours?date=2026-03-30").status_code == 200
    house.clock.move(minutes=61)
    assert house.client.get("/v1/tours?date=2026-03-30").status_code == 401


def test_other_browsers_are_listed_and_ended(house: Any) -> None:
    enter(house)
    other = dict(house.client.cookies)
    house.client.cookies.clear()
    house.client.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/143.0 " + "x" * 500
    enter(house)
    page = house.client.get("/konto", headers=HTML).text
    (link,) = re.findall(r'action="(/konto/sitzungen/[^"]+)"', page)
    assert "Firefox, Windows" in page
    assert "xxx" not in page
    assert post(house, link).status_code == 303
    cookie = {"Cookie": f"session={other['session']}"}
    own = house.client.cookies.pop("session") if hasattr(house.client.cookies, "pop") else None
    assert own is not None
    assert house.client.get("/leitstelle", headers=cookie).status_code == 401
    mine = {"Cookie": f"session={own}"}
    assert house.client.get("/leitstelle", headers=mine).status_code == 200


def test_tokens_are_stored_as_hashes_only(house: Any) -> None:
    enter(house)
    token = house.client.cookies["session"]
    database = house.settings.data_dir / "buergerbus.sqlite"
    stored = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert sessions.hashed(token).encode() in stored
    assert token.encode() not in stored
    assert PASSWORD.encode() not in stored


def test_a_new_password_ends_all_other_sessions(house: Any) -> None:
    enter(house)
    old = house.client.cookies["session"]
    for new, again, present, status in (
        ("kurz", "kurz", PASSWORD, 422),
        (NEW, "vier mal fünf Räder", PASSWORD, 422),
        (NEW, NEW, "falsch", 401),
        (NEW, NEW, PASSWORD, 303),
    ):
        answer = post(house, "/konto/passwort", passwort=present, neu=new, nochmal=again)
        assert answer.status_code == status, answer.text
    stale = {"Cookie": f"session={old}"}
    assert house.client.get("/leitstelle").status_code == 200
    house.client.cookies.clear()
    assert house.client.get("/leitstelle", headers=stale).status_code == 401
    assert enter(house).status_code == 401
    assert enter(house, password=NEW).status_code == 303


def test_first_account_is_made_at_this_machine_only(server: Any) -> None:
    fields = {"name": "Ada", "anmeldung": "ada", "passwort": PASSWORD}
    proxied = server.client.post(
        "/anmelden/erstes-konto", data=fields, headers={"X-Forwarded-For": "192.0.2.7"}
    )
    assert proxied.status_code == 404
    weak = post(server, "/anmelden/erstes-konto", **(fields | {"passwort": "ada ada ada ada"}))
    assert weak.status_code == 422
    assert "12 bis 128 Zeichen" in weak.text
    assert where(post(server, "/anmelden/erstes-konto", **fields)) == "/konto/zweiter-schritt"
    assert server.client.get("/leitstelle").status_code == 200
    server.client.cookies.clear()
    assert server.client.get("/leitstelle").status_code == 401
    assert post(server, "/anmelden/erstes-konto", **fields).status_code == 404


def test_a_new_account_has_to_choose_a_password_first(house: Any) -> None:
    enter(house)
    page = post(house, "/leitstelle/konten", name="Uta", anmeldung="uta", rolle="agent")
    given = re.search(r'class="secret"><code>([^<]+)</code>', page.text)
    assert given is not None
    post(house, "/abmelden")
    assert where(enter(house, "uta", given[1])) == "/konto/passwort?weiter=%2Fleitstelle"
    for path in ("/v1/tours?date=2026-03-30", "/leitstelle"):
        refused = house.client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "password-must-change")
    sent = house.client.get("/leitstelle", headers=HTML, follow_redirects=False)
    assert where(sent).startswith("/konto/passwort")
    changed = post(
        house, "/konto/passwort", passwort=given[1], neu=PASSWORD, nochmal=PASSWORD,
        weiter="/leitstelle",
    )  # fmt: skip
    assert where(changed) == "/leitstelle"
    assert house.client.get("/leitstelle").status_code == 200
    assert house.client.get("/leitstelle/konten").status_code == 403


def test_disabling_and_resetting_end_sessions_at_once(house: Any) -> None:
    context = house.services.context
    now, database = context.clock.now(), context.database
    added = accounts.add(database, AT_THIS_MACHINE, Role.AGENT, "Uta", "uta", None, now)
    uta = added.account.id
    actions = (
        lambda: accounts.reset_second_factor(database, AT_THIS_MACHINE, uta, now),
        lambda: accounts.reset_password(database, AT_THIS_MACHINE, uta, now),
        lambda: accounts.switch(database, AT_THIS_MACHINE, uta, now, enabled=False),
    )
    for act in actions:
        token = database.write(lambda w: sessions.begin(w, uta, "", now))
        cookie = {"Cookie": f"session={token}"}
        assert house.client.get("/konto", headers=cookie).status_code == 200
        act()
        assert house.client.get("/konto", headers=cookie).status_code == 401
    assert enter(house, "uta", added.password).status_code == 401
    accounts.switch(database, AT_THIS_MACHINE, uta, now, enabled=True)


def test_the_last_administrator_stays(house: Any) -> None:
    enter(house)
    with house.services.context.database.reading() as reader:
        (ada,) = reader.accounts()
    answer = post(house, f"/leitstelle/konten/{ada.id}/sperren")
    assert answer.status_code == 409
    assert house.client.get("/leitstelle").status_code == 200


def test_the_first_account_is_an_administrators(server: Any) -> None:
    answer = post(server, "/leitstelle/konten", name="Uta", anmeldung="uta", rolle="agent")
    assert answer.status_code == 409
    assert "Das erste Konto muss eines für die Verwaltung sein." not in server.client.get("/").text
    assert server.client.get("/leitstelle").status_code == 200


@pytest.mark.parametrize(
    "password", ["", "elf Zeichen", "aaaaaaaaaaaaaaaa", "1212121212121212", "x" * 129]
)
def test_easy_passwords_are_refused(password: str) -> None:
    with pytest.raises(Problem) as caught:
        passwords.check(password, "ada@example.org")
    assert caught.value.code == "password-weak"
    passwords.check(passwords.invented(), "ada@example.org")
