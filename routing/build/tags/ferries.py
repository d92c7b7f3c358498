"""How long a ferry takes."""

import re

import numpy as np
import numpy.typing as npt

from routing.profile import Profile

_CLOCK = re.compile(r"(?:(\d+):)?(\d+)(?::(\d{2}))?")
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_LONGEST_S = 7 * 86400.0


def seconds_of(duration: str) -> float | None:
    """Return a `duration` ("0:10", "1:05:30", "PT1H30M", or minutes: "12") in seconds, None if it is none."""
    text = duration.strip().upper()
    iso, clock = _ISO.fullmatch(text), _CLOCK.fullmatch(text)
    if iso:
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
    elif clock:
        days = 0
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
    else:
        return None
    total = ((days * 24.0 + hours) * 60 + minutes) * 60 + seconds
    return total if 0 < total <= _LONGEST_S else None


def crossing_speed(
    kmh: npt.NDArray[np.float64],
    metres: npt.NDArray[np.float64],
    duration_s: npt.NDArray[np.float64],
    profile: Profile,
) -> npt.NDArray[np.float64]:
    """Return km/h at which a ferry of `metres` takes as long as crossing and boarding together.

    Parameters
    ----------
    kmh
        float64[f], speed on the water, 0 where the ferry does not carry the vehicle.
    metres, duration_s
        float64[f], length of the line, and the time its tags tell, 0 if they do not.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.where(duration_s > 0, duration_s, metres * 3.6 / kmh)
        return np.where(kmh > 0, metres * 3.6 / (crossing + profile.ferries.boarding_s), 0.0)
