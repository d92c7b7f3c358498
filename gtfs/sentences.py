"""A journey in one sentence, in German or English, to be shown and read aloud."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gtfs.journey import Journey, Ride, Walk
from gtfs.service_day import service_day_start
from gtfs.words import ENGLISH, GERMAN, Words

_MINUTE = 60
_RAIL = (2, 109)
# of extended route types the hundreds tell the kind
_HUNDREDS = {1: 2, 2: 3, 4: 1, 7: 3, 8: 11, 9: 0, 10: 4, 12: 4}


def german(journey: Journey, today: date | None = None) -> str:
    """Say a journey in German; what is not as planned is "heute" so on the day ``today``."""
    return _say(_Speech(journey, GERMAN, today))


def english(journey: Journey, today: date | None = None) -> str:
    """Say a journey in English; what is not as planned is so "today" on that day."""
    return _say(_Speech(journey, ENGLISH, today))


def german_news(journey: Journey, ride: Ride, today: date | None = None) -> str:
    """Say in German how far one of its lines is off its plan; empty if it is not."""
    return _news(ride, _Speech(journey, GERMAN, today))


def english_news(journey: Journey, ride: Ride, today: date | None = None) -> str:
    """Say in English how far one of its lines is off its plan; empty if it is not."""
    return _news(ride, _Speech(journey, ENGLISH, today))


def german_line(ride: Ride) -> str:
    """Name a line with its kind in German: ``Bus 773``."""
    return _line(ride, GERMAN)


def english_line(ride: Ride) -> str:
    """Name a line with its kind in English: ``bus 773``."""
    return _line(ride, ENGLISH)


@dataclass(frozen=True, slots=True)
class _Speech:
    """What is said, how, and which day is today."""

    journey: Journey
    words: Words
    today: date | None

    def moment(self, time_s: int) -> datetime:
        """Return a time of the journey on the clocks where it runs."""
        start = service_day_start(self.journey.day, self.journey.time_zone)
        return datetime.fromtimestamp(start + time_s, ZoneInfo(self.journey.time_zone))

    def clock(self, time_s: int) -> str:
        """Say the time on the clock, and the day where it is another one than the journey's."""
        at, day = self.moment(time_s), ""
        if at.date() != self.journey.day:
            after = at.date() > self.journey.day
            day = self.words.day_after if after else self.words.day_before
        return self.words.clock.format(at) + day

    def minutes(self, count: int) -> str:
        """Say how long."""
        return self.words.minute if count == 1 else self.words.minutes.format(count)

    def off(self, time_s: int, planned_s: int) -> str:
        """Say how far a time is from the planned one; nothing where the clock shows the same."""
        late = time_s // _MINUTE - planned_s // _MINUTE
        if not late:
            return ""
        return (self.words.later if late > 0 else self.words.earlier).format(
            today=self.words.today if self.moment(time_s).date() == self.today else "",
            time=self.minutes(abs(late)),
            planned=self.clock(planned_s),
        )


def _say(speech: _Speech) -> str:
    text = "; ".join(
        _walk(leg, speech) if isinstance(leg, Walk) else _ride(leg, speech)
        for leg in speech.journey.legs
    )
    return f"{text[0].upper()}{text[1:]}."


def _walk(leg: Walk, speech: _Speech) -> str:
    words = speech.words
    pattern = words.start if leg.from_stop is None else words.walk
    return (words.goal if leg.to_stop is None else pattern).format(
        begin=speech.clock(leg.departure_s),
        end=speech.clock(leg.arrival_s),
        time=speech.minutes(-(-leg.seconds // _MINUTE)),
        to=leg.to_name,
    )


def _ride(leg: Ride, speech: _Speech) -> str:
    words = speech.words
    platform = words.track if _kind(leg) in _RAIL else words.platform
    off, off_at_end = _off(leg, speech)
    return (words.stay if leg.stays_aboard else words.ride).format(
        begin=speech.clock(leg.departure_s),
        off=f" ({off})" if off else "",
        end=speech.clock(leg.arrival_s) + (f", {off_at_end}" if off_at_end else ""),
        origin=leg.from_name + (platform.format(leg.from_platform) if leg.from_platform else ""),
        to=leg.to_name + (platform.format(leg.to_platform) if leg.to_platform else ""),
        line=_line(leg, words),
        headsign=leg.headsign,
        call=words.call if leg.call_ahead else "",
    )


def _off(leg: Ride, speech: _Speech) -> tuple[str, str]:
    """Say how far departure and arrival are off: who knows that it leaves late expects it to arrive late."""
    departs, arrives = leg.planned_s or (leg.departure_s, leg.arrival_s)
    off = "" if leg.stays_aboard else speech.off(leg.departure_s, departs)
    return off, "" if off else speech.off(leg.arrival_s, arrives)


def _news(leg: Ride, speech: _Speech) -> str:
    off, off_at_end = _off(leg, speech)
    return off or (speech.words.arrival.format(off_at_end) if off_at_end else "")


def _line(leg: Ride, words: Words) -> str:
    kind = _kind(leg)
    return f"{words.line if kind is None else words.kinds[kind]} {leg.route}"


def _kind(leg: Ride) -> int | None:
    """Return the kind of a line among those with a name of their own."""
    known = leg.route_type in GERMAN.kinds
    return leg.route_type if known else _HUNDREDS.get(leg.route_type // 100)
