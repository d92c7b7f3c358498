"""Who may do what: roles, permissions, and the person or program behind a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from api.errors import Problem


class Permission(StrEnum):
    """One thing somebody may do; every endpoint that is not open to all names one."""

    SEE_RIDES = "see-rides"
    """Bookings, refusals, connection cases with names and places."""
    BOOK_FOR_OTHERS = "book-for-others"
    """Book, change and cancel for whoever calls."""
    SEE_TOURS = "see-tours"
    DRIVE = "drive"
    """Report visits, positions; tours of today and tomorrow only."""
    PLAN_SHIFTS = "plan-shifts"
    """Roster, vehicles, closures."""
    SEE_RIDERS = "see-riders"
    CHANGE_RIDERS = "change-riders"
    """Riders, standing orders, what the association holds about a person."""
    SEE_FEEDBACK = "see-feedback"
    SEND_MESSAGES = "send-messages"
    """The list of calls to make, dead letters, free messages."""
    SEE_STATISTICS = "see-statistics"
    """Numbers without persons."""
    SIMULATE = "simulate"
    MANAGE_PEOPLE = "manage-people"
    """Accounts, devices, API keys of the own operator."""
    OPERATE = "operate"
    """The whole installation: every operator, metrics, jobs."""


class Role(StrEnum):
    """What somebody is for an operator. Residents need no account and have no role."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    AGENT = "agent"
    """Takes calls."""
    DRIVER = "driver"
    MUNICIPALITY = "municipality"
    PLANNER = "planner"
    PARTNER = "partner"
    """A practice, shop or neighbouring service, with an API key."""


_P = Permission
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.COORDINATOR: frozenset(Permission) - {_P.OPERATE},
    Role.AGENT: frozenset(
        {
            _P.SEE_RIDES,
            _P.BOOK_FOR_OTHERS,
            _P.SEE_TOURS,
            _P.SEE_RIDERS,
            _P.CHANGE_RIDERS,
            _P.SEND_MESSAGES,
        }
    ),
    Role.DRIVER: frozenset({_P.SEE_TOURS, _P.DRIVE}),
    Role.MUNICIPALITY: frozenset({_P.SEE_STATISTICS, _P.SEE_FEEDBACK}),
    Role.PLANNER: frozenset({_P.SEE_STATISTICS, _P.SIMULATE}),
    Role.PARTNER: frozenset({_P.BOOK_FOR_OTHERS}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sends a request. ``areas`` are those of its operator; None: all of the installation."""

    id: str
    name: str
    role: Role
    areas: frozenset[str] | None

    def may(self, permission: Permission) -> bool:
        """Whether its role has a permission."""
        return permission in PERMISSIONS[self.role]

    def sees(self, area_id: str) -> bool:
        """Whether an area is its operator's."""
        return self.areas is None or area_id in self.areas

    def require(self, permission: Permission, area_id: str | None = None) -> None:
        """Refuse what the role does not have; an area of others is not known at all.

        Raises
        ------
        Problem
            ``forbidden``, ``area-unknown``.
        """
        if area_id is not None and not self.sees(area_id):
            raise Problem("area-unknown")
        if not self.may(permission):
            raise Problem("forbidden")
