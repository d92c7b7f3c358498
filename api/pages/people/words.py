"""Roles as people call them."""

from collections.abc import Mapping

from api.i18n import Language
from api.rights import Role


def role_words(lang: Language) -> Mapping[str, str]:
    """Return the name of each role."""
    return {
        Role.ADMINISTRATOR: lang.text("Administration"),
        Role.COORDINATOR: lang.text("Coordination"),
        Role.AGENT: lang.text("Telephone service"),
        Role.DRIVER: lang.text("Driver"),
        Role.MUNICIPALITY: lang.text("Municipality"),
        Role.PLANNER: lang.text("Planning"),
        Role.PARTNER: lang.text("Partner"),
    }
