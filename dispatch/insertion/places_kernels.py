"""Compiled: all places for a ride in a tour that may be feasible, each with a lower bound of its cost.

Only necessary conditions rule a place out: windows (exactly, from the earliest times before and the latest
times behind it; Savelsbergh's slacks), room, the way already ridden, the ride times of who is aboard
(waiting aside), driving. The bound prices driving exactly, detours for those aboard without waiting, and
the wish at the nearest time there can be. Each place takes constant time. All this takes for granted what
is true of shortest ways: going by another place, and stopping there, is never quicker.
"""

from numba import njit

from dispatch.insertion import rows
from dispatch.insertion.arrays import Ask, Scratch
from dispatch.model import UNREACHABLE
from dispatch.schedule.arrays import ALONE_TAKES, FAR, Ints, Opened, Road
from dispatch.schedule.driving_kernels import planned
from dispatch.schedule.rows import bus, halt, want

_ROOM, _ALONE, _FEATURES, _DRIVING, _QUOTA = 1, 2, 4, 16, 32
"""Of ``Relax``."""

# legs (V + S, LEGS): the ways between each gap and the destination
_TO_S, _TO_M, _FROM_S, _FROM_M = 0, 1, 2, 3
_KNOWN = 4
LEGS = 5


@njit(cache=True, nogil=True)
def may_take(b: Ints, limits: Ints, w: Ints, need: Ints) -> bool:
    """Whether this bus could take the ride at all; writes what it takes of each limit."""
    relaxed = w[want.RELAXED]
    if w[want.NEEDS] & ~b[bus.FEATURES] and relaxed & _FEATURES == 0:
        return False
    if w[want.STANDING] == 1 and w[want.DIRECT] > b[bus.QUOTA_LEFT_S] and relaxed & _QUOTA == 0:
        return False
    room = limits.shape[1] - 1
    need[0] = ALONE_TAKES if w[want.ALONE] == 1 else 1
    if relaxed & _ALONE:
        need[0] = -FAR
    for limit in range(1, need.size):
        need[limit] = -FAR
        if relaxed & _ROOM == 0:
            need[limit] = 0
            for kind in range(room):
                need[limit] += limits[limit, kind] * w[want.LOAD + kind]
            if need[limit] > limits[limit, room]:
                return False
    return True


@njit(cache=True, nogil=True)
def first_gap(b: Ints, halts: Ints, from_s: int) -> int:
    """Find the first gap before which nothing must have happened by ``from_s``."""
    low, high = b[bus.FIRST], b[bus.END]
    while low < high:
        middle = (low + high) // 2
        ahead = halts[middle, halt.NEXT]
        by_s = halts[ahead, halt.LATEST] if ahead < b[bus.END] else b[bus.END_S]
        if by_s < from_s:
            low = middle + 1
        else:
            high = middle
    return int(low)


@njit(cache=True, nogil=True)
def list_places(
    opened: Opened,
    road: Road,
    limits: Ints,
    ask: Ask,
    s: int,
    scratch: Scratch,
    count: int,
) -> int:
    """Append the places in tour s to those found so far; -1 if there is no room for all of them.

    One long function, because handing arrays on costs more here than the work itself.

    ``limits`` are those of this bus; ``count`` places are in ``scratch`` already.
    """
    b, halts, taken = opened.buses[s], opened.halts, opened.taken
    w, need, weights = ask.want, ask.need, ask.weights
    legs, places, bounds = scratch.legs, scratch.places, scratch.bounds
    seconds, metres, factor, buffer_s = road
    room = limits.shape[1] - 1
    first, end = b[bus.FIRST], b[bus.END]
    origin, destination = w[want.ORIGIN], w[want.DESTINATION]
    pick_from, pick_until = w[want.PICK_FROM], w[want.PICK_UNTIL]
    drop_from, drop_until = w[want.DROP_FROM], w[want.DROP_UNTIL]
    direct_s, direct_m = w[want.DIRECT], int(metres[origin, destination])
    by_arrival, wish_s = w[want.WISH_IS_ARRIVAL] == 1, w[want.WISH_S]
    alight_s = w[want.STOP_S] + w[want.ALIGHT_S]
    driving_left_s = FAR if w[want.RELAXED] & _DRIVING else b[bus.DRIVING_LEFT_S]
    per_metre, per_ride, per_wish = weights[rows.METRE], weights[rows.RIDE], weights[rows.WISH]
    fixed = weights[rows.FIXED] + weights[rows.SHIFT] * b[bus.UNUSED]
    fixed -= per_ride * b[bus.RECOVERABLE_S]
    fixed -= weights[rows.RISK] * b[bus.RISK_S] + weights[rows.WAIT] * b[bus.WAIT_S]
    if direct_s >= UNREACHABLE:
        return count
    for at in range(first_gap(b, halts, pick_from), end + 1):
        before, free_s = b[bus.PLACE], b[bus.FREE_NEW_S]
        if at > first:
            before = halts[at - 1, halt.PLACE]
            free_s = halts[at - 1, halt.EARLIEST] + halts[at - 1, halt.SERVICE]
        if free_s > pick_until:
            break
        if 4 * (end + 2 - at) > bounds.size - count:
            return -1
        here = at < end and halts[at, halt.PLACE] == origin and halts[at, halt.PAUSE] == 0
        for new in range(0 if here else 1, 2):
            # boarding: when; what it adds if the bus goes on to the next visit; what it costs others
            old_s, old_m, slack_s, grows, pick_s, pick_m = 0, 0, FAR, 0, 0, 0
            to_s, to_m, on_s, board_s = 0, 0, 0, w[want.BOARD_S]
            if new == 1:
                to_s = planned(seconds[before, origin], factor, buffer_s)
                ready = max(pick_from, free_s + to_s)
                if ready > pick_until or to_s >= FAR:
                    continue
                to_m = int(metres[before, origin])
                ahead = halts[at, halt.NEXT] if at < end else end
                if ahead < end:
                    after = halts[ahead, halt.PLACE]
                    old_s, old_m = halts[ahead, halt.LEG], halts[ahead, halt.METRES]
                else:
                    after, old_s, old_m = b[bus.END_PLACE], b[bus.HOME_S], b[bus.HOME_M]
                old_s = old_s if old_s < FAR else 0
                on_s = planned(seconds[origin, after], factor, buffer_s)
                pick_s = to_s + on_s - old_s
                pick_m = to_m + metres[origin, after] - old_m
                board_s += w[want.STOP_S]
                left, to, row = ready + board_s, at, at + s
                if at < end:
                    slack_s, grows = halts[at, halt.SLACK], halts[at, halt.GROWS]
                delay_s = grows * (pick_s + board_s)
            else:
                ready = max(halts[at, halt.EARLIEST], pick_from)
                if ready > min(halts[at, halt.LATEST], pick_until):
                    continue
                left, to, row = ready + halts[at, halt.SERVICE] + board_s, at + 1, at + 1 + s
                delay_s = halts[at, halt.STAYS] * board_s
            fits = True
            for limit in range(need.size):
                if taken[row, limit] + need[limit] > limits[limit, room]:
                    fits = False
            if not fits:
                continue
            early_s = max(0, ready - wish_s, wish_s - pick_until)
            ridden, same_gap = 0, new == 1
            while left <= drop_until:
                # alighting in the gap before visit `to`, or in that visit itself
                g = to + s
                ahead = halts[to, halt.NEXT] if to < end else end
                if legs[g, _KNOWN] == 0:
                    last = halts[to - 1, halt.PLACE] if to > first else b[bus.PLACE]
                    after = halts[ahead, halt.PLACE] if ahead < end else b[bus.END_PLACE]
                    legs[g, _TO_S] = planned(seconds[last, destination], factor, buffer_s)
                    legs[g, _TO_M] = metres[last, destination]
                    legs[g, _FROM_S] = planned(seconds[destination, after], factor, buffer_s)
                    legs[g, _FROM_M] = metres[destination, after]
                    legs[g, _KNOWN] = 1
                leg = direct_s if same_gap else legs[g, _TO_S]
                arrive = max(left + leg, drop_from)
                if leg < FAR and arrive <= drop_until and ridden + leg <= w[want.LIMIT]:
                    off_s = early_s
                    if by_arrival:
                        off_s = max(0, arrive - wish_s, wish_s - drop_until)
                    beyond = w[want.PERSONS] * max(0, ridden + leg - direct_s)
                    if to < end and halts[to, halt.PLACE] == destination:
                        joins = halts[to, halt.PAUSE] == 0 and pick_s <= driving_left_s
                        if joins and arrive <= halts[to, halt.LATEST]:
                            longer = beyond + delay_s + halts[to, halt.STAYS] * w[want.ALIGHT_S]
                            places[count, rows.BUS], places[count, rows.AT] = s, at
                            places[count, rows.JOIN_AT], places[count, rows.TO] = 1 - new, to
                            places[count, rows.JOIN_TO] = 1
                            places[count, rows.ADDED_S], places[count, rows.ADDED_M] = (
                                pick_s,
                                pick_m,
                            )
                            bounds[count] = fixed + pick_s + per_metre * pick_m + per_wish * off_s
                            bounds[count] += per_ride * longer
                            count += 1
                    from_s, from_m = legs[g, _FROM_S], legs[g, _FROM_M]
                    by_s = halts[ahead, halt.LATEST] if ahead < end else b[bus.END_S]
                    rest_s = halts[to, halt.REST] if to < end else 0
                    if from_s < FAR and arrive + alight_s + rest_s + from_s <= by_s:
                        if same_gap:
                            added_s = to_s + direct_s + from_s - old_s
                            added_m = to_m + direct_m + from_m - old_m
                            delay, detour_s = 0, added_s + board_s + alight_s
                        else:
                            if ahead < end:
                                over_s, over_m = halts[ahead, halt.LEG], halts[ahead, halt.METRES]
                            else:
                                over_s, over_m = b[bus.HOME_S], b[bus.HOME_M]
                            over_s = over_s if over_s < FAR else 0
                            added_s = pick_s + leg + from_s - over_s
                            added_m = pick_m + legs[g, _TO_M] + from_m - over_m
                            delay, detour_s = delay_s, leg + from_s - over_s + alight_s
                        fits = added_s <= driving_left_s
                        if to < end:
                            fits = fits and detour_s <= halts[to, halt.SLACK]
                            delay += halts[to, halt.GROWS] * detour_s
                        if fits:
                            places[count, rows.BUS], places[count, rows.AT] = s, at
                            places[count, rows.JOIN_AT], places[count, rows.TO] = 1 - new, to
                            places[count, rows.JOIN_TO] = 0
                            places[count, rows.ADDED_S] = added_s
                            places[count, rows.ADDED_M] = added_m
                            bounds[count] = fixed + added_s + per_metre * added_m + per_wish * off_s
                            bounds[count] += per_ride * (delay + beyond)
                            count += 1
                # staying aboard over visit `to`
                if to == end or halts[to, halt.PAUSE] > 0:
                    break
                leg = halts[to, halt.LEG]
                if same_gap:
                    leg = on_s
                    if pick_s + board_s > slack_s:
                        break
                arrive = max(left + leg, halts[to, halt.LO])
                ridden += leg + halts[to, halt.SERVICE]
                if leg >= FAR or arrive > halts[to, halt.LATEST] or ridden > w[want.LIMIT]:
                    break
                fits = True
                for limit in range(need.size):
                    if taken[to + 1 + s, limit] + need[limit] > limits[limit, room]:
                        fits = False
                if not fits:
                    break
                left, same_gap, to = arrive + halts[to, halt.SERVICE], False, to + 1
    return count
