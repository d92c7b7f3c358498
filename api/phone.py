"""Telephone numbers as people write them, stored as E.164."""

import phonenumbers

from api.errors import Problem

_HOME = "DE"


def e164(text: str, area_phone: str) -> str:
    """Return the number in E.164, e.g. ``+423 265 50 10`` as ``+4232655010``.

    Parameters
    ----------
    text
        As typed; numbers without a country are those of the area's own country.
    area_phone
        The area's number, which tells that country; Germany if it does not.

    Raises
    ------
    Problem
        ``phone-invalid``.
    """
    try:
        number = phonenumbers.parse(text, _country(area_phone))
    except phonenumbers.NumberParseException as error:
        raise Problem("phone-invalid") from error
    if not phonenumbers.is_valid_number(number):
        raise Problem("phone-invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _country(area_phone: str) -> str:
    try:
        number = phonenumbers.parse(area_phone, _HOME)
    except phonenumbers.NumberParseException:
        return _HOME
    return phonenumbers.region_code_for_country_code(number.country_code or 0) or _HOME
