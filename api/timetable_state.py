"""How well public transport is known: until when the timetable reaches, and whether news of today arrive."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from api.alarms import Alarms
from api.live import Live, LiveRegion
from gtfs.renewal import HORIZON_DAYS


@dataclass(frozen=True, slots=True)
class TimetableState:
    """What there is to know about a region's timetable.

    Parameters
    ----------
    days_left
        Days until the last one with service; negative once it is over.
    renewed
        Whether newer timetables are fetched by themselves.
    listens
        Whether a source of realtime is named.
    told_at
        When the oldest of the news in use was told; None: nothing is known of today but the timetable.
    """

    region: str
    last_day: date
    days_left: int
    renewed: bool
    listens: bool
    told_at: datetime | None

    @property
    def ends(self) -> bool:
        """Whether it is time to get a new timetable, or too late."""
        return self.days_left < HORIZON_DAYS

    @property
    def over(self) -> bool:
        """Whether the last day has passed."""
        return self.days_left < 0

    @property
    def silent(self) -> bool:
        """Whether news are expected and none arrive, or none that are fresh."""
        return self.listens and self.told_at is None


def timetable_state(region: LiveRegion, now: datetime) -> TimetableState | None:
    """Look at a region's timetable; ``now`` tells today by its zone. None where there is no timetable."""
    known = region.now(int(now.timestamp()))
    if known.last_day is None:
        return None
    return TimetableState(
        region=region.name,
        last_day=known.last_day,
        days_left=(known.last_day - now.date()).days,
        renewed=bool(region.feeds.timetable),
        listens=bool(region.feeds.realtime),
        told_at=None if known.told_s is None else datetime.fromtimestamp(known.told_s, UTC),
    )


def look(live: Live, now: datetime, alarms: Alarms) -> None:
    """Let an alarm ring for each region whose timetable ends within two weeks, or has ended."""
    for region in live.each():
        state = timetable_state(region, now)
        if state is not None and state.ends:
            alarms.ring("timetable-ends", state.region)
        else:
            alarms.quiet("timetable-ends", region.name)
