"""Nobody sees what is not theirs: every route, every role, one's own operator and another's.

The routes come from the application itself. A route that is not declared here as open to all and asks for
no permission fails :func:`test_every_route_is_declared`.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts

from api import keys
from api.app import create_app
from api.clock import Clock
from api.devices import enrolment
from api.people.access import Allowed, OwnSession
from api.rights import PERMISSIONS, Permission, Role
from api.settings import Settings
from api.store.tables import MessageRow, StandingRideRow
from regions.region import AREAS, Region, open_region
from tests.api.people import signed_in

DAY = "2026-03-30"
HTML = {"Accept": "text/html"}
OPEN = {
    "GET /openapi.json",
    "GET /docs",
    "GET /problems/{code}",
    "GET /health",
    "GET /ready",
    "GET /v1/time",
    "GET /v1/areas",
    "GET /v1/areas/{area_id}/places",
    "POST /v1/offers",
    "POST /v1/journeys",
    "POST /v1/bookings",
    "POST /v1/journey-bookings",
    "GET /v1/push-key",
    "PUT /v1/bookings/{booking_id}/browser",  # as the booking itself:
    "GET /v1/bookings/{booking_id}",  # the id opens it
    "DELETE /v1/bookings/{booking_id}",
    "POST /v1/bookings/{booking_id}/offers",
    "POST /v1/bookings/{booking_id}/change",
    "POST /v1/feedback",
    "GET /rueckmeldung",
    "POST /rueckmeldung",
    "GET /buchung/{booking_id}/aendern",
    "POST /buchung/{booking_id}/aendern",
    "GET /gtfs/flex.zip",
    "GET /gtfs/plain.zip",
    "GET /gtfs/rt",
    "GET /map/{area_id}/map.pmtiles",
    "GET /map/{area_id}/style.json",
    "GET /",
    "GET /angebote",
    "GET /buchen",
    "POST /buchen",
    "GET /reise",
    "POST /reise",
    "GET /reise/{booking_id}/{second_id}",
    "GET /buchung/{booking_id}",
    "GET /buchung/{booking_id}/stornieren",
    "POST /buchung/{booking_id}/stornieren",
    "GET /barrierefreiheit",
    "GET /datenschutz",
    "POST /v1/bookings/find",  # code and telephone number open it
    "GET /meine-fahrt",
    "POST /meine-fahrt",
    "GET /fahrer/anmelden",  # a code of the coordinator enrols
    "POST /fahrer/anmelden",
    "GET /v1/device",  # the tablet's cookie and its PIN open it
    "POST /v1/device/session",
    "DELETE /v1/device/session",
    "POST /v1/device/unsent",
    "GET /anmelden",
    "POST /anmelden",
    "GET /anmelden/code",  # of a session that waits for its second factor
    "POST /anmelden/code",
    "GET /anmelden/erstes-konto",  # at this machine, before there is any account
    "POST /anmelden/erstes-konto",
}
LISTENS = "GET /v1/live"
"""Answers without end; what it sends is tested in test_changes."""
BERGHEIM = "Bürgerbusverein Bergheim e. V."


@dataclass(frozen=True)
class Way:
    """One method of one route, and what it asks for: a permission, to be signed in, or nothing."""

    method: str
    path: str
    permission: Permission | None
    own: bool
    query: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def guarded(self) -> bool:
        return self.permission is not None or self.own


def calls_of(dependant: Any) -> Iterator[Any]:
    """Everything a route depends on, at any depth."""
    for each in dependant.dependencies:
        yield each.call
        yield from calls_of(each)


def queries_of(dependant: Any) -> Iterator[str]:
    """Names of all query parameters, at any depth."""
    yield from (field.alias for field in dependant.query_params)
    for each in dependant.dependencies:
        yield from queries_of(each)


def ways(app: Any) -> list[Way]:
    """All routes of the application."""
    found: list[Way] = []
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        calls = list(calls_of(dependant)) if dependant is not None else []
        permissions = {each.permission for each in calls if isinstance(each, Allowed)}
        assert len(permissions) <= 1, (route.path, permissions)
        found += [
            Way(
                method,
                route.path,
                next(iter(permissions), None),
                any(isinstance(each, OwnSession) for each in calls),
                frozenset(queries_of(dependant)) if dependant is not None else frozenset(),
            )
            for method in sorted((route.methods or set()) - {"HEAD"})
        ]
    return found


WAYS = ways(create_app(Settings(), Clock(), {}))
GUARDED = [way for way in WAYS if way.guarded]


@pytest.fixture(scope="session")
def bergheim(village: Path, tmp_path_factory: pytest.TempPathFactory) -> Region:
    """Build the same village again as the area of another operator."""
    folder = tmp_path_factory.mktemp("other") / "bergheim"
    shutil.copytree(village, folder)
    area = (folder / AREAS / "talheim.toml").read_text(encoding="utf-8")
    (folder / AREAS / "talheim.toml").unlink()
    renamed = area.replace("talheim", "bergheim").replace("Talheim", "Bergheim")
    (folder / AREAS / "bergheim.toml").write_text(renamed, encoding="utf-8")
    return open_region(folder)


@dataclass(frozen=True)
class Ids:
    """What names something of an operator."""

    area_id: str
    booking_id: str
    tour_id: str
    visit_id: str
    message_id: str
    account_id: str
    session_id: str
    rider: str
    device_id: str = ""
    key_id: str = ""
    rider_id: str = ""
    order_id: str = ""
    feedback_id: str = ""


@dataclass(frozen=True)
class Town:
    """A server with two operators, each with an area, a ride and an account."""

    server: Any
    talheim: Ids
    bergheim: Ids


@pytest.fixture
def town(start: Any, region: Region, bergheim: Region) -> Town:
    """Start a server with two operators."""
    server = start(regions={"talheim": region, "bergheim": bergheim})
    riders = {area: filled(server, area) for area in ("talheim", "bergheim")}
    known = {area: known_of(server, area) for area in ("talheim", "bergheim")}
    signed_in(server, Role.ADMINISTRATOR)
    operators = {"talheim": None, "bergheim": BERGHEIM}
    ids = {}
    for area, operator in operators.items():
        name = operator or "Bürgerbusverein Talheim e. V."
        headers = signed_in(server, Role.AGENT, name)
        account, session = whose(server, headers)
        made = access_of(server, name)
        ids[area] = Ids(
            area, *riders[area][:4], account, session, riders[area][4], *made, *known[area]
        )
    return Town(server, ids["talheim"], ids["bergheim"])


def filled(server: Any, area: str) -> tuple[str, str, str, str, str]:
    """Book a ride before there is any account; return booking, tour, visit, message and the rider's name."""
    rider = f"Frau {area.title()}-Maier"
    wish = {"depart_at": server.at("09:00"), "area_id": area}
    offers = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"]
    booking = server.take(offers[0], rider, phone="07123 4567").json()["id"]
    server.ask(server.place(0, 0), server.place(4, 4), **(wish | {"depart_at": server.at("23:00")}))
    tours = server.client.get("/v1/tours", params={"date": DAY, "area_id": area}).json()["tours"]
    tour = next(each for each in tours if each["visits"])
    now = server.clock.now()
    times = dict.fromkeys(("pickup_from", "pickup_until", "arrive_by"), now.isoformat())
    message = MessageRow(
        id=f"message-{area}", area_id=area, booking_id=booking, service_date=date.fromisoformat(DAY),
        cause=area, kind="late", sequence=1, payload=times, state="dead", next_try=now, created_at=now,
    )  # fmt: skip
    server.services.context.database.write(lambda writer: writer.add(message))
    return booking, tour["id"], tour["visits"][0]["id"], message.id, rider


def rider_of(area: str) -> dict[str, Any]:
    """Return what is told of a rider."""
    consent = {"how": "telephone", "wording": "2026-1"}
    name = f"Frau {area.title()}-Maier"
    return {"area_id": area, "name": name, "phone": "07123 4567", "consent": consent}


def known_of(server: Any, area: str) -> tuple[str, str, str]:
    """Remember a rider with a standing order that has a task, and feedback; return their ids."""

    def post(path: str, body: dict[str, Any]) -> str:
        headers = {"Idempotency-Key": str(uuid4())}
        answer = server.client.post(f"/v1/{path}", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    rider = post("riders", rider_of(area))
    ends = {"origin": server.place(0, 0, "Haus"), "destination": server.place(4, 4, "Praxis")}
    series = {"weekdays": ["SU"], "depart_at": "09:00"} | ends
    body = {"rider_id": rider, "area_id": area, "valid_from": DAY, "series": series}
    order = post("standing-orders", body)
    said = post("feedback", {"area_id": area, "kind": "idea", "text": f"Maier, {area}"})
    task = StandingRideRow(
        order_id=order, service_date=date.fromisoformat(DAY), direction="there", state="refused",
        booking_id=None, rule="no_shift", decided_at=server.clock.now(), settled_at=None,
    )  # fmt: skip
    server.services.context.database.write(lambda writer: writer.add(task))
    return rider, order, said


def access_of(server: Any, operator: str) -> tuple[str, str]:
    """Make a tablet and a partner's key; return their ids."""
    context = server.services.context
    (owner,) = (id_ for id_, name in enrolment.operators(context).items() if name == operator)
    device = enrolment.NewDevice(token_urlsafe(16), owner, f"Tablet {owner}")
    return enrolment.invite(context, device).device.id, keys.add(context, owner, "Praxis")[0].id


def whose(server: Any, headers: dict[str, str]) -> tuple[str, str]:
    """Return account and session of a cookie."""
    from api.people.sessions import hashed

    token = headers["Cookie"].partition("=")[2]
    with server.services.context.database.reading() as reader:
        found = reader.signed_in(hashed(token))
    return found.account.id, found.session.id


def body_of(way: Way, ids: Ids) -> dict[str, Any]:
    """Return what a route takes, about somebody of an operator; the area alone where it is not known here."""
    operator = BERGHEIM if ids.area_id == "bergheim" else "Bürgerbusverein Talheim e. V."
    account = {"name": "Uta", "anmeldung": f"uta-{ids.area_id}", "rolle": "agent"}
    person = {"phone": "07123 4567", "name": ids.rider}
    at = f"{DAY}T04:00:00Z"
    known: dict[str, dict[str, Any]] = {
        "/v1/tours/{tour_id}/visits/{visit_id}/events": {
            "event_id": str(uuid4()),
            "type": "arrived",
            "at": at,
        },
        "/v1/tours/{tour_id}/breakdown": {"at": at},
        "/v1/messages/{message_id}/done": {"outcome": "reached"},
        "/v1/persons/export": person,
        "/v1/persons/erase": person,
        "/v1/riders/{rider_id}": rider_of(ids.area_id),
        "/v1/standing-orders/{order_id}": {"skipped": []},
        "/v1/standing-orders/{order_id}/settle": {"date": DAY, "direction": "there"},
        "/v1/feedback/{feedback_id}": {"state": "seen"},
        "/leitstelle/dauerauftraege/{order_id}/erledigt": {"tag": DAY, "richtung": "there"},
        "/leitstelle/konten": account | {"traeger": operator},
    }
    if way.method not in {"POST", "PUT", "PATCH"}:
        return {}
    kind, area = ("json", "area_id") if way.path.startswith("/v1/") else ("data", "gebiet")
    return {kind: known.get(way.path, {area: ids.area_id})}


def send(town: Town, way: Way, ids: Ids, headers: dict[str, str]) -> Any:
    """Use a route about what is an operator's."""
    values = {"code": "x", "what": "anruf"} | {
        name: getattr(ids, name) for name in Ids.__annotations__
    }
    path = re.sub(r"{(\w+)(:\w+)?}", lambda match: values.get(match[1], "x"), way.path)
    known = {"date": DAY, "datum": DAY, "area_id": ids.area_id, "gebiet": ids.area_id}
    known |= {"from": DAY, "to": DAY, "until": DAY}
    key = {"Idempotency-Key": str(uuid4())} if way.path.startswith("/v1/") else {}
    town.server.client.cookies.clear()
    return town.server.client.request(
        way.method,
        path,
        params={name: known[name] for name in way.query & known.keys()},
        headers=headers | key,
        follow_redirects=False,
        **body_of(way, ids),
    )


def test_every_route_is_declared() -> None:
    for way in WAYS:
        assert way.guarded != (way.name in OPEN), way.name
    assert {way.name for way in WAYS} >= OPEN, "a route that is gone is still declared"
    assert len(GUARDED) > 15


def test_strangers_are_kept_out(town: Town) -> None:
    for way in GUARDED:
        answer = send(town, way, town.talheim, {})
        assert answer.status_code == 401, way.name
        page = send(town, way, town.talheim, HTML)
        if way.path.startswith("/v1/"):
            assert page.status_code == 401, way.name
        else:
            assert (page.status_code, page.headers["location"][:9]) == (303, "/anmelden"), way.name
        assert "Maier" not in answer.text + page.text


@pytest.mark.parametrize("role", Role)
def test_no_role_does_what_it_may_not(town: Town, role: Role) -> None:
    headers = signed_in(town.server, role, "Bürgerbusverein Talheim e. V.")
    lacking = [way for way in GUARDED if way.permission and way.permission not in PERMISSIONS[role]]
    for way in lacking:
        answer = send(town, way, town.talheim, headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), way.name
        assert send(town, way, town.talheim, headers | HTML).status_code == 403, way.name
    assert bool(lacking) is not (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_sees_another_operators(town: Town, role: Role) -> None:
    """Its ids are unknown, lists are without it; and one's own are there, or this would prove nothing."""
    headers = signed_in(town.server, role, "Bürgerbusverein Talheim e. V.")
    _, session = whose(town.server, headers)
    theirs = town.bergheim
    secrets = (
        theirs.message_id,
        theirs.rider,
        theirs.booking_id,
        theirs.tour_id,
        theirs.account_id,
        theirs.session_id,
        theirs.device_id,
        theirs.key_id,
        theirs.rider_id,
        theirs.order_id,
        theirs.feedback_id,
    )
    allowed = [way for way in GUARDED if way.own or way.permission in PERMISSIONS[role]]
    allowed = [way for way in allowed if way.name != "POST /abmelden"]
    for way in allowed:
        answer = send(town, way, theirs, headers)
        assert not any(secret in shown(answer) for secret in secrets), way.name
        if names_something(way):
            assert answer.status_code == 404, (way.name, answer.status_code, answer.text[:300])
    for way in sorted(allowed, key=lambda way: (way.method == "POST", "beenden" in way.path)):
        if way.name == LISTENS:
            continue
        answer = send(town, way, own_ids(way, town.talheim, session), headers)
        assert answer.status_code != 404 or names_what_is_not_here(way), way.name
        assert answer.status_code != 401 or way.own, way.name  # a wrong code is 401, too
        assert answer.status_code < 500, way.name
        assert answer.status_code != 403 or way.path == "/leitstelle/konten", way.name
        assert not any(secret in answer.text for secret in secrets), way.name


@pytest.mark.parametrize("role", [Role.AGENT, Role.COORDINATOR, Role.DRIVER])
def test_ones_own_are_listed(town: Town, role: Role) -> None:
    """The other half of the law above: lists are filtered, not empty."""
    headers = signed_in(town.server, role, "Bürgerbusverein Talheim e. V.")
    tours = town.server.client.get(f"/v1/tours?date={DAY}", headers=headers).json()["tours"]
    assert {tour["id"].partition(".")[0] for tour in tours} == {"talheim"}
    if role is not Role.DRIVER:
        for kind in ("bookings", "refusals"):
            listed = town.server.client.get(f"/v1/{kind}?date={DAY}", headers=headers).json()[kind]
            assert len(listed) == 1, kind
    both = signed_in(town.server, Role.ADMINISTRATOR)
    tours = town.server.client.get(f"/v1/tours?date={DAY}", headers=both).json()["tours"]
    assert {tour["id"].partition(".")[0] for tour in tours} == {"talheim", "bergheim"}


def names_something(way: Way) -> bool:
    """Whether a request names something of an operator, rather than asking for a list."""
    named = set(re.findall(r"{(\w+)", way.path)) & set(Ids.__annotations__)
    return bool(named or "area_id" in way.query or way.path.startswith("/v1/persons/"))


def names_what_is_not_here(way: Way) -> bool:
    """Whether a path has ids this test has none for; what belongs to them is tested where they are."""
    return bool(set(re.findall(r"{(\w+)", way.path)) - set(Ids.__annotations__) - {"code", "what"})


def own_ids(way: Way, ids: Ids, session: str) -> Ids:
    """Return ids of the own operator; sessions are one's own only."""
    return replace(ids, session_id=session) if way.own else ids


def shown(answer: Any) -> str:
    """Return what an answer shows, without the ids that were in the address anyway."""
    if "problem+json" in answer.headers.get("content-type", ""):
        return str(answer.json() | {"instance": ""})
    return str(answer.text) + str(answer.headers.get("location", ""))


@pytest.mark.parametrize("role", Role)
def test_the_tablets_page_is_for_those_who_see_tours(town: Town, role: Role) -> None:
    headers = signed_in(town.server, role, "Bürgerbusverein Talheim e. V.")
    answer = town.server.client.get("/fahrer/", headers=headers)
    assert (answer.status_code == 200) is (Permission.SEE_TOURS in PERMISSIONS[role])
    assert town.server.client.get("/fahrer/", headers=HTML).url.path == "/anmelden"


def test_the_table_in_the_documentation_is_true() -> None:
    text = (Path(__file__).parents[2] / "docs" / "people.md").read_text(encoding="utf-8")
    rows = {line for line in text.splitlines() if line.startswith("| `") and line.count("|") > 4}
    expected = {
        f"| `{permission}` | "
        + " | ".join("●" if permission in PERMISSIONS[role] else "" for role in Role)
        + " |"
        for permission in Permission
    }
    assert rows == expected
