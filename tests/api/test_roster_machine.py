"""Whatever drivers and coordinators do in any order, shifts are as a plain model says, and plans follow."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dispatch.verify import verify
from tests.api.roster import Coordinator, two_buses

SHIFTS = st.sampled_from(["frueh", "zweit"])
PEOPLE = st.sampled_from(["Karl Meier", "Eva Roth"])


@dataclass
class Model:
    """A shift as a person would keep it on paper."""

    state: str
    driver: str | None
    substitute: str | None = None
    offered: bool = False

    @property
    def drives(self) -> str | None:
        return self.substitute or self.driver


class Roster(RuleBasedStateMachine):
    """Each run has a week of its own, so that one server does for all."""

    server: Any
    people: dict[str, str]

    @initialize()
    def begin(self) -> None:
        self.server.clock.move(days=7)
        self.day: date = self.server.clock.now().date() + timedelta(days=3)
        self.model = {"frueh": Model("staffed", "A. Beck"), "zweit": Model("open", None)}
        self.seen: dict[str, int] = {"frueh": 0, "zweit": 0}
        self.booked: list[str] = []

    def act(self, what: str, shift: str, *, allowed: bool, **body: Any) -> bool:
        """Do something; it must work if and only if the model allows it."""
        name = f"talheim.{self.day}.{shift}"
        answer = Coordinator(self.server).act(what, name, seen=self.seen[shift], **body)
        assert answer.status_code == (200 if allowed else 409), answer.text
        if allowed:
            self.seen[shift] += 1
        return allowed

    def free(self, shift: str, who: str) -> bool:
        """Whether somebody drives no other shift: both are at the same time."""
        others = (one for name, one in self.model.items() if name != shift)
        return not any(one.state == "staffed" and one.drives == who for one in others)

    @rule(shift=SHIFTS, who=st.none() | PEOPLE)
    def assign(self, shift: str, who: str | None) -> None:
        one = self.model[shift]
        may = one.state != "withdrawn" and (who is None or self.free(shift, who))
        if self.act("assign", shift, allowed=may, driver_id=who and self.people[who]):
            self.model[shift] = Model("staffed" if who else "open", who)

    @rule(shift=SHIFTS, who=PEOPLE)
    def take(self, shift: str, who: str) -> None:
        one = self.model[shift]
        may = one.state == "open" or (one.state == "staffed" and one.offered)
        may = may and (self.free(shift, who) or one.driver == who)
        if self.act("take", shift, allowed=may, driver_id=self.people[who]):
            if one.state == "open":
                self.model[shift] = Model("staffed", who)
            else:
                substitute = None if who == one.driver else who
                self.model[shift] = Model("staffed", one.driver, substitute)

    @rule(shift=SHIFTS, who=PEOPLE)
    def give_back(self, shift: str, who: str) -> None:
        one = self.model[shift]
        if self.act(
            "give-back", shift, allowed=self.is_theirs(one, who), driver_id=self.people[who]
        ):
            back = Model("staffed", one.driver, None, offered=True)
            self.model[shift] = back if one.substitute else Model("open", None)

    @rule(shift=SHIFTS, who=PEOPLE)
    def offer(self, shift: str, who: str) -> None:
        one = self.model[shift]
        if self.act("offer", shift, allowed=self.is_theirs(one, who), driver_id=self.people[who]):
            one.offered = True

    @rule(shift=SHIFTS)
    def withdraw(self, shift: str) -> None:
        one = self.model[shift]
        if self.act("withdraw", shift, allowed=one.state != "withdrawn", reason="krank"):
            one.state, one.offered = "withdrawn", False

    @rule(shift=SHIFTS)
    def reopen(self, shift: str) -> None:
        one = self.model[shift]
        # a driver who has found another shift meanwhile cannot come back to this one
        may = one.state == "withdrawn" and (not one.drives or self.free(shift, one.drives))
        if self.act("reopen", shift, allowed=may):
            one.state = "staffed" if one.driver else "open"

    @rule(shift=SHIFTS)
    @precondition(lambda self: max(self.seen.values()))
    def come_too_late(self, shift: str) -> None:
        """Somebody saw an earlier version: nothing changes."""
        name = f"talheim.{self.day}.{shift}"
        answer = Coordinator(self.server).act(
            "withdraw", name, seen=self.seen[shift] - 1, reason="x"
        )
        assert answer.status_code == 412

    @rule(hour=st.integers(8, 11))
    @precondition(lambda self: len(self.booked) < 3)
    def book(self, hour: int) -> None:
        server = self.server
        asked = server.place(0, hour - 8), server.place(4, 4)
        offers = server.ask(*asked, depart_at=server.at(f"{hour:02}:00", self.day))["offers"]
        running = any(one.state != "withdrawn" for one in self.model.values())
        assert running or not offers
        if offers:
            self.booked.append(server.take(offers[0]).json()["id"])

    @invariant()
    def shown_as_modelled(self) -> None:
        for name, one in self.model.items():
            shown = Coordinator(self.server).shift(f"talheim.{self.day}.{name}")
            assert (shown["state"], shown["offered"]) == (one.state, one.offered)
            assert shown["version"] == self.seen[name]
            for who, wanted in (("driver", one.driver), ("substitute", one.substitute)):
                assert (shown[who] and shown[who]["name"]) == wanted

    @invariant()
    def plan_follows(self) -> None:
        """Compare the plan: what runs is what is not withdrawn, and every rider rides or is called."""
        context = self.server.services.context
        with context.locked("talheim", self.day) as slot, context.database.reading() as reader:
            state = slot.present(reader).state
            slot.empty()
            rebuilt = slot.present(reader).state
        running = {k: one.drives or "" for k, one in self.model.items() if one.state != "withdrawn"}
        for one in (state, rebuilt):
            assert verify(one) == ()
            assert {key: shift.driver for key, shift in one.shifts.items()} == running
            on_tour = {b for tour in one.tours.values() for v in tour.visits for b in v.board}
            unassigned = {key for key, b in one.bookings.items() if b.status == "unassigned"}
            assert on_tour | unassigned == set(self.booked)
            assert not on_tour & unassigned
            assert running or not on_tour

    @staticmethod
    def is_theirs(one: Model, who: str) -> bool:
        return one.state == "staffed" and one.drives == who


def test_shifts_are_as_the_model_says(start: Any, region: Any) -> None:
    server = start(regions={"talheim": two_buses(region, driver="")})
    names = ("Karl Meier", "Eva Roth")
    people = {name: Coordinator(server).driver(name) for name in names}
    machine = type("Machine", (Roster,), {"server": server, "people": people})
    wanted = settings(
        max_examples=max(5, settings().max_examples // 10),
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=wanted)
