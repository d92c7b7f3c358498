"""Who may do what: hosts, origins, staff, headers."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.clock import Clock
from api.security import CONTENT_SECURITY_POLICY
from api.settings import Settings, SettingsError

PASSWORD = "Löwenzahn 77"  # noqa: S105  # of a server that lives for a second
STAFF_PATHS = [
    "/v1/tours?date=2026-03-30",
    "/v1/bookings?date=2026-03-30",
    "/v1/refusals?date=2026-03-30",
    "/leitstelle",
    "/fahrer/",
]
PUBLIC_PATHS = ["/health", "/ready", "/v1/time", "/v1/areas", "/v1/areas/talheim/places?q=x", "/"]


def basic(user: str, password: str, encoding: str = "utf-8") -> dict[str, str]:
    """Headers of HTTP Basic."""
    pair = b64encode(f"{user}:{password}".encode(encoding)).decode()
    return {"Authorization": f"Basic {pair}"}


@pytest.mark.parametrize("path", STAFF_PATHS)
def test_staff_pages_are_open_on_this_machine(server: Any, path: str) -> None:
    assert server.client.get(path).status_code == 200


@pytest.mark.parametrize("path", STAFF_PATHS)
@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via", "X-Real-IP"],
)
def test_through_a_proxy_staff_pages_need_a_password(start: Any, path: str, header: str) -> None:
    """A proxy on this machine passes on requests of strangers."""
    server = start()
    proxied = {header: "for=192.0.2.7"}
    answer = server.client.get(path, headers=proxied)
    assert (answer.status_code, answer.json()["code"]) == (403, "password-unset")
    assert answer.json()["detail"].count(".") == 1
    assert server.client.get("/", headers=proxied).status_code == 200


def test_through_a_proxy_the_password_opens(start: Any) -> None:
    server = start(staff_password=PASSWORD, trusted_hosts=("localhost", "bus.example"))
    headers = {"Host": "bus.example", "X-Forwarded-For": "192.0.2.7"}
    assert server.client.get("/leitstelle", headers=headers).status_code == 401
    welcome = server.client.get("/leitstelle", headers=headers | basic("leitstelle", PASSWORD))
    assert welcome.status_code == 200


@pytest.mark.parametrize("path", STAFF_PATHS)
@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        ({}, False),
        (basic("leitstelle", PASSWORD), True),
        (basic("leitstelle", "Loewenzahn 77"), False),
        (basic("Leitstelle", PASSWORD), False),
        (basic("leitstelle", ""), False),
        (basic("leitstelle", PASSWORD, "latin-1"), False),
        ({"Authorization": "Basic ???"}, False),
        ({"Authorization": "Basic"}, False),
        ({"Authorization": "Bearer leitstelle"}, False),
    ],
)
def test_password_guards_staff(
    start: Any, path: str, headers: dict[str, str], *, welcome: bool
) -> None:
    server = start(staff_password=PASSWORD)
    answer = server.client.get(path, headers=headers)
    assert (answer.status_code == 200) is welcome, answer.text
    if not welcome:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith('Basic realm="Leitstelle"')


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_residents_need_no_password(start: Any, path: str) -> None:
    assert start(staff_password=PASSWORD).client.get(path).status_code == 200


def test_booking_needs_its_id_only(start: Any) -> None:
    server = start(staff_password=PASSWORD)
    booking = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    assert server.client.get(f"/v1/bookings/{booking['id']}").status_code == 200
    assert server.client.get(f"/v1/bookings/{booking['code']}").status_code == 404
    assert server.client.delete(f"/v1/bookings/{booking['id']}").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://localhost"}, 200),  # behind a proxy that speaks TLS
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
def test_changes_come_from_our_own_pages(server: Any, headers: dict[str, str], status: int) -> None:
    body = {
        "area_id": "talheim",
        "origin": server.place(0, 0),
        "destination": server.place(4, 4),
        "depart_at": server.at("09:00"),
    }
    answer = server.client.post("/v1/offers", json=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert server.client.get("/v1/areas", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("LOCALHOST", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
        ("", 400),
    ],
)
def test_other_names_are_not_answered_to(server: Any, host: str, status: int) -> None:
    answer = server.client.get("/v1/areas", headers={"Host": host})
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", [*PUBLIC_PATHS, *STAFF_PATHS, "/nothing", "/static/nothing"])
def test_every_answer_has_its_headers(server: Any, path: str) -> None:
    headers = server.client.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    stored = path.startswith(("/static/", "/fahrer/"))
    assert headers["cache-control"] == ("no-cache" if stored else "no-store")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "rathaus.example"])  # noqa: S104
def test_public_address_needs_a_password(tmp_path: Path, host: str) -> None:
    from api.app import create_app

    settings = Settings(host=host, data_dir=tmp_path)
    with pytest.raises(SettingsError, match="BUERGERBUS_STAFF_PASSWORD") as caught:
        create_app(settings, Clock())
    assert caught.value.code == "staff-password-missing"
    guarded = Settings(host=host, data_dir=tmp_path, staff_password=PASSWORD)
    guarded.check()
    assert guarded.allowed_hosts == ("*",)


@pytest.mark.parametrize("name", ["bus.example", "*", "192.168.1.7", "localhost.evil.example"])
def test_foreign_name_needs_a_password(tmp_path: Path, name: str) -> None:
    """Who names the server to others has a proxy in front of it."""
    names = ("localhost", name)
    with pytest.raises(SettingsError, match="BUERGERBUS_STAFF_PASSWORD") as caught:
        Settings(data_dir=tmp_path, trusted_hosts=names).check()
    assert caught.value.code == "staff-password-missing"
    Settings(data_dir=tmp_path, trusted_hosts=names, staff_password=PASSWORD).check()
    Settings(data_dir=tmp_path, trusted_hosts=("Localhost", "[::1]", "127.0.0.1")).check()


@pytest.mark.parametrize("password", ["", " ", "elf Zeichen"])
@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.1.7"])
def test_short_password_does_not_count(tmp_path: Path, host: str, password: str) -> None:
    with pytest.raises(SettingsError, match="BUERGERBUS_STAFF_PASSWORD") as caught:
        Settings(data_dir=tmp_path, host=host, staff_password=password).check()
    assert caught.value.code == "staff-password-short"


@pytest.mark.parametrize("value", ["", " ", " , "])
def test_empty_names_are_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BUERGERBUS_TRUSTED_HOSTS", value)
    settings = Settings()
    settings.check()
    assert settings.trusted_hosts == ()
    assert "localhost" in settings.allowed_hosts


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_needs_none(tmp_path: Path, host: str) -> None:
    Settings(host=host, data_dir=tmp_path).check()


def test_secret_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = settings.signing_key()
    path = tmp_path / "data" / "secret.key"
    assert key == settings.signing_key()
    assert len(key) >= 43  # 256 bits
    assert path.stat().st_mode & 0o777 == 0o600


def test_short_secrets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(data_dir=tmp_path, secret=SecretStr("short")).signing_key()
    assert caught.value.code == "secret-short"


def test_data_folder_that_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(SettingsError) as caught:
        Settings(data_dir=path).signing_key()
    assert caught.value.code == "data-dir"


def test_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUERGERBUS_REGIONS", "a:b/c")
    monkeypatch.setenv("BUERGERBUS_TRUSTED_HOSTS", "bus.example, www.bus.example")
    monkeypatch.setenv("BUERGERBUS_STAFF_PASSWORD", "geheim")
    settings = Settings()
    assert settings.regions == (Path("a"), Path("b/c"))
    assert settings.allowed_hosts == ("bus.example", "www.bus.example")
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "abc"), ("PORT", "70000"), ("HOST", "")], ids=str
)
def test_wrong_settings_are_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("BUERGERBUS_DEBUG", "1")  # others may use the prefix too
    Settings()
    monkeypatch.setenv(f"BUERGERBUS_{name}", value)
    with pytest.raises(SettingsError, match=f"BUERGERBUS_{name}") as caught:
        Settings().check()
    assert caught.value.code == "setting-invalid"


def test_database_is_readable_by_its_owner_only(server: Any) -> None:
    path = server.settings.data_dir / "buergerbus.sqlite"
    assert path.stat().st_mode & 0o777 == 0o600
