"""Who may do what: hosts, origins, staff, headers."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.rights import Role
from api.security import CONTENT_SECURITY_POLICY
from api.settings import Settings, SettingsError
from tests.api.people import signed_in

STAFF_PATHS = [
    "/v1/tours?date=2026-03-30",
    "/v1/bookings?date=2026-03-30",
    "/v1/refusals?date=2026-03-30",
    "/leitstelle",
    "/fahrer/",
]
PUBLIC_PATHS = ["/health", "/ready", "/v1/time", "/v1/areas", "/v1/areas/talheim/places?q=x", "/"]


@pytest.mark.parametrize("path", STAFF_PATHS)
def test_staff_pages_are_open_on_this_machine(server: Any, path: str) -> None:
    assert server.client.get(path).status_code == 200


@pytest.mark.parametrize("path", STAFF_PATHS)
@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via", "X-Real-IP"],
)
def test_through_a_proxy_staff_pages_need_an_account(server: Any, path: str, header: str) -> None:
    """A proxy on this machine passes on requests of strangers."""
    proxied = {header: "for=192.0.2.7"}
    answer = server.client.get(path, headers=proxied)
    assert (answer.status_code, answer.json()["code"]) == (403, "account-missing")
    assert server.client.get("/", headers=proxied).status_code == 200


@pytest.mark.parametrize("path", STAFF_PATHS)
@pytest.mark.parametrize("authorization", [None, "Bearer x", "Basic bGVpdHN0ZWxsZTp4"])
@pytest.mark.parametrize("cookie", [None, "session=x", "session=", "__Host-session=x"])
def test_with_the_first_account_this_machine_is_nobody(
    server: Any, path: str, authorization: str | None, cookie: str | None
) -> None:
    welcome = signed_in(server, Role.ADMINISTRATOR)
    sent = {"Authorization": authorization, "Cookie": cookie}
    headers = {name: value for name, value in sent.items() if value is not None}
    answer = server.client.get(path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert server.client.get(path, headers=headers | welcome).status_code == 200


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_residents_need_no_account(server: Any, path: str) -> None:
    signed_in(server, Role.ADMINISTRATOR)
    assert server.client.get(path).status_code == 200


def test_booking_needs_its_id_only(server: Any) -> None:
    signed_in(server, Role.ADMINISTRATOR)
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
def test_public_address_needs_an_administrator(start: Any, host: str) -> None:
    with pytest.raises(SettingsError, match="buergerbus account add") as caught:
        start(host=host)
    assert caught.value.code == "account-missing"
    local = start()
    signed_in(local, Role.AGENT)
    with pytest.raises(SettingsError):
        start(host=host)
    signed_in(start(), Role.ADMINISTRATOR)
    assert start(host=host).settings.allowed_hosts == ("*",)


@pytest.mark.parametrize("name", ["bus.example", "*", "192.168.1.7", "localhost.evil.example"])
def test_foreign_name_needs_an_administrator(start: Any, name: str) -> None:
    """Who names the server to others has a proxy in front of it."""
    names = ("localhost", name)
    with pytest.raises(SettingsError, match="buergerbus account add") as caught:
        start(trusted_hosts=names)
    assert caught.value.code == "account-missing"
    signed_in(start(trusted_hosts=("Localhost", "[::1]", "127.0.0.1")), Role.ADMINISTRATOR)
    assert start(trusted_hosts=names).client.get("/leitstelle").status_code == 401


@pytest.mark.parametrize("value", ["", " ", " , "])
def test_empty_names_are_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BUERGERBUS_TRUSTED_HOSTS", value)
    settings = Settings()
    assert settings.exposed is None
    assert settings.trusted_hosts == ()
    assert "localhost" in settings.allowed_hosts


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_needs_none(tmp_path: Path, host: str) -> None:
    assert Settings(host=host, data_dir=tmp_path).exposed is None


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
    monkeypatch.setenv("BUERGERBUS_SECRET", "geheim")
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
        Settings()
    assert caught.value.code == "setting-invalid"


def test_database_is_readable_by_its_owner_only(server: Any) -> None:
    path = server.settings.data_dir / "buergerbus.sqlite"
    assert path.stat().st_mode & 0o777 == 0o600
