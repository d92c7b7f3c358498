"""Breaks: each of a shift's once, in order, in its time and place, with an empty bus."""

from collections.abc import Iterator
from dataclasses import replace

from dispatch.model import Break
from dispatch.verify.course import Course, Finding


def break_findings(course: Course) -> Iterator[Finding]:
    """Yield what is wrong with the breaks of a tour."""
    wanted = course.shift.breaks
    paused = [visit.pause for visit in course.visits if visit.pause is not None]
    paused = [_as_opened(pause, wanted) for pause in paused]
    if tuple(paused) != wanted:
        yield _not_as_wanted(wanted, paused)
        return
    if not wanted:
        return
    aboard = course.aboard_after()
    for k, visit in enumerate(course.visits):
        pause = visit.pause
        if pause is None:
            continue
        if visit.board or visit.alight or aboard[k]:
            what = "is a break with somebody aboard, boarding or leaving"
            yield Finding("break-not-empty", what, k, amount=0 if k < course.ahead else None)
        if k < course.ahead:
            continue
        if visit.arrive_s < pause.from_s:
            yield Finding("break-early", "begins before the break may", k)
        over_s = visit.depart_s - pause.until_s
        if over_s > 0:
            yield Finding("break-late", "ends after the break should", k, amount=over_s)
        place = course.place_before(k) if pause.place is None else pause.place
        if visit.place != place:
            yield Finding("break-place", f"should be at {place}", k)


def _as_opened(pause: Break, wanted: tuple[Break, ...]) -> Break:
    """Return a break as the shift has it: one without a place may have been given one since."""
    anywhere = replace(pause, place=None)
    return anywhere if pause not in wanted and anywhere in wanted else pause


def _not_as_wanted(wanted: tuple[Break, ...], paused: list[Break]) -> Finding:
    """Say what is wrong with breaks that are not those of the shift."""
    missing = [pause for pause in wanted if wanted.count(pause) > paused.count(pause)]
    if missing:
        return Finding("break-missing", f"has no break of {missing[0].seconds} s")
    if len(paused) > len(wanted):
        return Finding("break-unknown", "has a break that is not of this shift")
    return Finding("break-order", "has its breaks in another order")
