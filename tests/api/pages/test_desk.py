"""Riders, standing orders, feedback and figures in the control room, and changing a ride, as people do it."""

from typing import Any
from uuid import uuid4

from api.people.this_machine import AT_THIS_MACHINE
from api.rights import Role
from api.standing_booking import book_due
from tests.api.people import signed_in
from tests.api.persons import HOME, NAME, SHOP, book, past
from tests.api.test_riders import add, order, search

RIDERS = "/leitstelle/fahrgaeste"


def post(server: Any, url: str, **fields: Any) -> Any:
    return server.client.post(url, data=fields)


def test_who_calls_rides_as_last_time_in_two_clicks(server: Any) -> None:
    book(server)
    page = post(server, RIDERS, gebiet="talheim", wer="07123 4567").text
    assert NAME in page
    assert "Wie letztes Mal" in page
    link = page.split('<a class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    form = server.client.get(link).text
    assert HOME in form
    assert SHOP in form
    assert 'value="09:00"' in form
    assert NAME not in link


def test_a_rider_is_stored_with_consent_only(server: Any) -> None:
    book(server)
    filled = post(
        server,
        f"{RIDERS}/neu",
        gebiet="talheim",
        nur_ausfuellen="1",
        telefon="+4971234567",
        name=NAME,
    )
    assert filled.status_code == 200
    key = str(uuid4())
    fields = {
        "gebiet": "talheim",
        "name": NAME,
        "telefon": "07123 4567",
        "walker": "1",
        "schluessel": key,
    }
    refused = post(server, f"{RIDERS}/neu", **fields)
    assert refused.status_code == 422
    assert "wie der Fahrgast eingewilligt hat" in refused.text
    assert search(server, "")["riders"] == []
    stored = post(server, f"{RIDERS}/neu", **fields, wie="telephone")
    assert NAME in stored.text
    assert "Rollator" in stored.text
    twice = post(server, f"{RIDERS}/neu", **(fields | {"schluessel": "other"}), wie="telephone")
    assert "schon ein Fahrgast gespeichert" in twice.text
    assert (
        post(server, f"{RIDERS}/neu", **(fields | {"telefon": "12"}), wie="paper").status_code
        == 422
    )


def test_a_rider_is_corrected_copied_and_erased(server: Any) -> None:
    rider = add(server).json()
    url = f"{RIDERS}/{rider['id']}"
    form = server.client.get(f"{url}/aendern").text
    assert "48.4002" in form.replace("48.400200", "48.4002")
    changed = {
        "name": "Käthe Neu",
        "telefon": rider["phone"],
        "wie": "telephone",
        "wortlaut": "2026-1",
    }
    assert "Käthe Neu" in post(server, f"{url}/aendern", **changed).text
    copy = post(server, f"{url}/auskunft", format="json")
    assert "Käthe Neu" in copy.text
    assert post(server, f"{url}/auskunft", format="pdf").content.startswith(b"%PDF")
    assert "Wirklich alles" in post(server, f"{url}/loeschen").text
    assert len(search(server, "")["riders"]) == 1
    post(server, f"{url}/loeschen", sicher="1")
    assert search(server, "")["riders"] == []


def test_a_standing_order_is_made_paused_and_its_tasks_are_settled(server: Any) -> None:
    rider = add(server).json()
    book(server)
    url = f"{RIDERS}/{rider['id']}/dauerauftrag"
    assert "Welche" in server.client.get(url).text or server.client.get(url).status_code == 200
    fields = {
        "tage": ["TU", "SA"],
        "von": "Ahornweg 1",
        "nach": "Ulmenweg 8",
        "art": "ab",
        "zeit": "9.30",
        "ab": "2026-03-30",
        "toleranz": "20",
    }
    wrong = post(server, url, **(fields | {"tage": []}), schluessel="a")
    assert wrong.status_code == 422
    assert "Wochentag" in wrong.text
    assert (
        post(server, url, **(fields | {"von": "Nirgendweg 99"}), schluessel="b").status_code == 422
    )
    assert post(server, url, **(fields | {"zurueck": "08:00"}), schluessel="d").status_code == 422
    made = post(server, url, **fields, schluessel="c")
    assert made.status_code == 200, made.text
    assert "Ulmenweg 8" in made.text
    book_due(server.services.context)
    listed = server.client.get("/leitstelle/dauerauftraege").text
    assert listed.count("Erledigt") == 2  # no bus runs on Saturdays
    (found,) = server.services.orders(AT_THIS_MACHINE, "talheim").standing_orders
    page = f"/leitstelle/dauerauftraege/{found.id}"
    post(server, f"{page}/erledigt", tag="2026-04-04", richtung="there")
    assert server.client.get("/leitstelle/dauerauftraege").text.count("Erledigt") == 1
    assert "ruht" in post(server, page, was="paused").text
    assert "läuft" in post(server, page, was="active").text
    assert "ausgelassen" in post(server, page, was="auslassen", tag="2026-04-14").text
    assert post(server, page, was="auslassen", tag="gestern").status_code == 409
    assert post(server, page, was="pause", von="2026-05-02", bis="2026-05-01").status_code == 409
    post(server, page, was="ended")
    assert post(server, page, was="active").status_code == 409
    assert post(server, f"{page}/erledigt", tag="x", richtung="y").status_code == 422


def test_a_ride_is_changed_on_its_page(server: Any) -> None:
    booking = book(server)
    url = f"/buchung/{booking['id']}/aendern"
    assert url in server.client.get(f"/buchung/{booking['id']}").text
    assert "bleibt so" in server.client.get(url).text
    offers = server.client.get(url, params={"tag": "2026-03-31", "zeit": "10:00", "art": "ab"}).text
    token = offers.split('name="angebot" value="')[1].split('"')[0]
    changed = post(server, url, angebot=token, schluessel="k")
    assert "31. März" in changed.text
    assert "abgesagt" in server.client.get(f"/buchung/{booking['id']}").text
    late = post(server, url, angebot=token, schluessel="l")
    assert late.status_code in {409, 422}
    assert "Es wurde nichts geändert" in late.text
    for wrong in ({"tag": "x", "zeit": "10:00"}, {"tag": "2026-03-29", "zeit": "10:00"}):
        other = book(server, "11:00")
        answer = server.client.get(f"/buchung/{other['id']}/aendern", params=wrong)
        assert answer.status_code == 422
        server.client.delete(f"/v1/bookings/{other['id']}")


def test_feedback_is_given_answered_and_read_on_the_booking(server: Any) -> None:
    booking = book(server)
    past(server)
    page = server.client.get(f"/buchung/{booking['id']}").text
    assert "Sagen Sie uns, wie es war" in page
    query = {"gebiet": "talheim", "zu": "booking", "id": booking["id"]}
    assert "Wie war Ihre Fahrt?" in server.client.get("/rueckmeldung", params=query).text
    assert post(server, "/rueckmeldung", **query, schluessel="a").status_code == 422
    said = post(
        server,
        "/rueckmeldung",
        **query,
        art="praise",
        sterne="5",
        text="<b>Gut</b>\r\n!",
        schluessel="b",
    )
    assert "Danke!" in said.text
    listed = server.client.get("/leitstelle/rueckmeldungen").text
    assert "&lt;b&gt;Gut&lt;/b&gt;" in listed
    (row,) = server.services.feedback(AT_THIS_MACHINE, "talheim").feedback
    post(server, f"/leitstelle/rueckmeldungen/{row.id}", antwort="Das freut uns.")
    assert "Das freut uns." in server.client.get(f"/buchung/{booking['id']}").text
    assert "Nichts ist offen" in server.client.get("/leitstelle/rueckmeldungen").text


def test_a_refusal_asks_what_did_not_work(server: Any) -> None:
    query = {
        "gebiet": "talheim",
        "von": "Ahornweg 1",
        "nach": "Ulmenweg 8",
        "art": "ab",
        "tag": "2026-03-30",
        "zeit": "23:00",
        "personen": "1",
    }
    page = server.client.get("/angebote", params=query).text
    assert "zu=refusal" in page


def test_figures_are_drawn_and_told(server: Any) -> None:
    book(server)
    past(server)
    page = server.client.get("/leitstelle/zahlen").text
    assert "<svg" in page
    assert "Fahrten je Woche" in page
    assert "style=" not in page
    assert server.client.get("/leitstelle/zahlen?von=2026-04-02&bis=2026-04-01").status_code == 422
    assert server.client.get("/leitstelle/zahlen?von=x&bis=y").status_code == 422
    hidden = server.client.get("/leitstelle/zahlen?klein=1").text
    assert "weniger als 5" in hidden


def test_all_of_it_is_for_staff(server: Any) -> None:
    driver = signed_in(server, Role.DRIVER)
    wanted = server.client.post("/v1/riders", json={}, headers={"Idempotency-Key": "k"})
    assert wanted.status_code == 401
    for path in ("fahrgaeste", "fahrgaeste/neu", "dauerauftraege", "rueckmeldungen", "zahlen"):
        url = f"/leitstelle/{path}"
        assert server.client.get(url).status_code == 401
        assert server.client.get(url, headers=driver).status_code == 403
    assert server.client.get("/rueckmeldung").status_code == 200


def test_orders_of_a_stranger_are_not_known(server: Any) -> None:
    made = order(server, add(server).json()["id"])
    assert server.client.get(f"/leitstelle/dauerauftraege/{made['id']}").status_code == 200
    assert server.client.get("/leitstelle/dauerauftraege/nobody").status_code == 404
    assert server.client.get(f"{RIDERS}/nobody").status_code == 404
