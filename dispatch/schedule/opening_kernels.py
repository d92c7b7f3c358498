"""Compiled: what of a packed day is open at a moment, how the tours stand, and bounds on them.

The visits of a tour fall in two parts. *Settled* are those that were reported, those whose planned time
has come (a tablet may be silent for an hour: until it says otherwise, what was planned is presumed to
have happened) and those within ``policy.frozen_s``. The rest is *open*: new visits go between them.
"""

import numpy as np
from numba import njit

from dispatch.schedule.arrays import ALONE_TAKES, FAR, Ints, Opened, Packed, Road
from dispatch.schedule.driving_kernels import driving
from dispatch.schedule.rows import bus, draft, halt, packed, rider
from dispatch.schedule.times_kernels import excess, risk, settle_as_is, waiting

_CHARGES = 2
"""Of a pause, see ``halt.PAUSE``."""


@njit(cache=True, nogil=True)
def open_day(day: Packed, road: Road, now_s: int, frozen_s: int, risk_slack_s: int) -> Opened:
    """Open every tour of a packed day at ``now_s``; at ``-FAR`` all but the reported visits are open."""
    size, visits, rides = day.buses.shape[0], day.visits.shape[0], day.rides.shape[0]
    opened = Opened(
        np.zeros((size, bus.ROWS), np.int64),
        np.zeros((visits, halt.ROWS), np.int64),
        np.zeros((rides, rider.ROWS), np.int64),
        np.zeros((visits + size, day.limits.shape[1]), np.int64),
    )
    longest, most = 0, 0
    for s in range(size):
        longest = max(longest, day.buses[s, packed.VISITS_UNTIL] - day.buses[s, packed.VISITS_FROM])
        most = max(most, day.buses[s, packed.RIDES_UNTIL] - day.buses[s, packed.RIDES_FROM])
    d = np.zeros((draft.ROWS, longest), np.int64)
    q = np.zeros((rider.ROWS, most), np.int64)
    late, use = np.zeros((2, longest), np.int64), np.zeros(day.limits.shape[1], np.int64)
    for s in range(size):
        b = opened.buses[s]
        free_bus(day, road, s, now_s, frozen_s, b)
        open_halts(day, s, b, opened.halts)
        open_riders(day, s, b, opened, use)
        stand(b, opened.halts, opened.riders, d, q, late, risk_slack_s)
        look_ahead(b, opened.halts)
    return opened


@njit(cache=True, nogil=True)
def free_bus(day: Packed, road: Road, s: int, now_s: int, frozen_s: int, b: Ints) -> None:
    """Write where and when bus s becomes free after its settled visits.

    If the bus must be on its way to the first open visit by now, that visit keeps at least its time:
    nobody knows where the bus is, and an earlier time could be one it cannot keep.
    """
    p, v = day.buses[s], day.visits
    start, end = p[packed.VISITS_FROM], p[packed.VISITS_UNTIL]
    first = end
    while first > start and v[first - 1, packed.PLANNED] == 1:
        if v[first - 1, packed.ARRIVE_S] <= now_s + frozen_s:
            break
        first -= 1
    place, free_s, driven_s, driven_m = p[packed.START_PLACE], p[packed.START_S], 0, 0
    for k in range(start, first):
        driven_s += day.legs[k + s, 0] if day.legs[k + s, 0] < FAR else 0
        driven_m += day.legs[k + s, 1]
        if v[k, packed.PAUSE] == _CHARGES:
            driven_m = 0
        place, free_s = v[k, packed.PLACE], v[k, packed.DEPART_S]
    b[bus.FIRST], b[bus.END], b[bus.SETTLED] = first, end, first - start
    b[bus.PLACE], b[bus.END_PLACE], b[bus.END_S] = place, p[packed.END_PLACE], p[packed.END_S]
    b[bus.UNUSED], b[bus.FEATURES] = p[packed.UNUSED], p[packed.FEATURES]
    b[bus.RANGE_M], b[bus.DRIVEN_M] = p[packed.RANGE_M], driven_m
    b[bus.DRIVING_LEFT_S] = p[packed.DRIVING_AT_MOST_S] - driven_s
    free_new_s = max(free_s, now_s)
    b[bus.KEEPS_S] = -FAR
    b[bus.QUIET_S] = p[packed.START_S] if first == start else -FAR
    if first < end:
        sets_out_s = v[first, packed.ARRIVE_S] - day.legs[first + s, 0]
        quiet_s = min(sets_out_s, v[first, packed.ARRIVE_S] - frozen_s) - 1
        b[bus.QUIET_S] = min(b[bus.QUIET_S], quiet_s)
        if sets_out_s <= now_s:
            b[bus.KEEPS_S] = v[first, packed.ARRIVE_S]
        else:
            free_s = free_new_s
    late = p[packed.DELAYED]
    if late >= 0 and start + late >= first:
        way_s = driving(road, place, v[start + late, packed.PLACE])
        no_sooner_s = p[packed.NOT_BEFORE_S] - way_s
        free_s, free_new_s = max(free_s, no_sooner_s), max(free_new_s, no_sooner_s)
    b[bus.FREE_S], b[bus.FREE_NEW_S] = free_s, free_new_s


@njit(cache=True, nogil=True)
def open_halts(day: Packed, s: int, b: Ints, halts: Ints) -> None:
    """Write places, ways and windows of the open visits, riders aside."""
    p, v = day.buses[s], day.visits
    first, end = b[bus.FIRST], b[bus.END]
    for k in range(first, end):
        halts[k, halt.PLACE] = v[k, packed.PLACE]
        halts[k, halt.ANYWHERE] = v[k, packed.ANYWHERE]
        halts[k, halt.LO], halts[k, halt.HI] = v[k, packed.FROM_S], v[k, packed.UNTIL_S]
        halts[k, halt.SERVICE], halts[k, halt.PAUSE] = v[k, packed.SERVICE_S], v[k, packed.PAUSE]
        halts[k, halt.KIND] = halt.ANCHOR if v[k, packed.PAUSE] > 0 else halt.PICKUP
        halts[k, halt.LEG], halts[k, halt.METRES] = day.legs[k + s, 0], day.legs[k + s, 1]
        halts[k, halt.SLACK], halts[k, halt.CHARGE_M] = FAR, -1
    b[bus.HOME_S], b[bus.HOME_M] = day.legs[end + s, 0], day.legs[end + s, 1]
    if first < end:
        halts[first, halt.LO] = max(halts[first, halt.LO], b[bus.KEEPS_S])
    late = p[packed.VISITS_FROM] + p[packed.DELAYED]
    if p[packed.DELAYED] >= 0 and late >= first:
        halts[late, halt.LO] = max(halts[late, halt.LO], p[packed.NOT_BEFORE_S])


@njit(cache=True, nogil=True)
def open_riders(day: Packed, s: int, b: Ints, opened: Opened, use: Ints) -> None:
    """Write who leaves in the open part, what that means for its visits, and the room taken."""
    p, v, rides, limits = day.buses[s], day.visits, day.rides, day.limits
    halts, riders, taken = opened.halts, opened.riders, opened.taken
    start, first = p[packed.VISITS_FROM], b[bus.FIRST]
    count, quota_s = p[packed.RIDES_FROM], p[packed.QUOTA_S]
    b[bus.RIDERS_FROM] = count
    for r in range(p[packed.RIDES_FROM], p[packed.RIDES_UNTIL]):
        if rides[r, packed.STANDING] == 1:
            quota_s -= day.directs[r, 0]
        pick, drop = start + rides[r, packed.PICK], start + rides[r, packed.DROP]
        if drop < first:
            continue
        by_s, at_most_s = rides[r, packed.ARRIVE_BY_S], rides[r, packed.RIDE_AT_MOST_S]
        riders[count, rider.DROP], riders[count, rider.LIMIT] = drop, at_most_s
        riders[count, rider.DIRECT] = day.directs[r, 0]
        riders[count, rider.PERSONS] = rides[r, packed.PERSONS]
        if rides[r, packed.PICK] >= 0 and pick >= first:
            riders[count, rider.PICK] = pick
            halts[pick, halt.LO] = max(halts[pick, halt.LO], rides[r, packed.PICKUP_FROM_S])
            halts[pick, halt.HI] = min(halts[pick, halt.HI], rides[r, packed.PICKUP_UNTIL_S])
            halts[pick, halt.SERVICE] += rides[r, packed.BOARDING_S]
            if halts[drop, halt.KIND] == halt.PICKUP:
                halts[drop, halt.KIND] = halt.DROP
        else:
            riders[count, rider.PICK] = -1
            halts[drop, halt.KIND] = halt.ANCHOR
            b[bus.ABOARD] += 1
            if rides[r, packed.PICK] >= 0:
                riders[count, rider.DEPARTED] = v[pick, packed.DEPART_S]
                by_s = min(by_s, v[pick, packed.DEPART_S] + at_most_s)
            pick = first - 1
        halts[drop, halt.HI] = min(halts[drop, halt.HI], by_s)
        halts[drop, halt.SERVICE] += rides[r, packed.ALIGHTING_S]
        use[0] = ALONE_TAKES if rides[r, packed.ALONE] == 1 else 1
        for limit in range(1, use.size):
            use[limit] = 0
            for kind in range(limits.shape[2] - 1):
                use[limit] += limits[s, limit, kind] * rides[r, packed.LOAD + kind]
        for k in range(pick, drop):
            if k >= first:
                halts[k, halt.ABOARD] += 1
            for limit in range(use.size):
                taken[k + 1 + s, limit] += use[limit]
        count += 1
    b[bus.RIDERS_UNTIL], b[bus.QUOTA_LEFT_S] = count, quota_s


@njit(cache=True, nogil=True)
def stand(
    b: Ints, halts: Ints, riders: Ints, d: Ints, q: Ints, late: Ints, risk_slack_s: int
) -> None:
    """Schedule the open visits of a tour as they stand, relax what reality has broken, and price it."""
    first, end = b[bus.FIRST], b[bus.END]
    n, r0, people = end - first, b[bus.RIDERS_FROM], b[bus.RIDERS_UNTIL] - b[bus.RIDERS_FROM]
    driven_m, ahead_s = b[bus.DRIVEN_M], b[bus.HOME_S] if b[bus.HOME_S] < FAR else 0
    for k in range(n):
        h = first + k
        d[draft.LO, k], d[draft.HI, k] = halts[h, halt.LO], halts[h, halt.HI]
        d[draft.SERVICE, k], d[draft.LEG, k] = halts[h, halt.SERVICE], halts[h, halt.LEG]
        d[draft.KIND, k], d[draft.ABOARD, k] = halts[h, halt.KIND], halts[h, halt.ABOARD]
        driven_m += halts[h, halt.METRES]
        ahead_s += halts[h, halt.LEG] if halts[h, halt.LEG] < FAR else 0
        if halts[h, halt.PAUSE] == _CHARGES:
            halts[h, halt.CHARGE_M], driven_m = max(b[bus.RANGE_M], driven_m), 0
    b[bus.LAST_M] = max(b[bus.RANGE_M], driven_m + b[bus.HOME_M])
    b[bus.DRIVING_LEFT_S] = max(b[bus.DRIVING_LEFT_S] - ahead_s, 0)
    if n == 0:
        return
    for r in range(people):
        for row in range(rider.ROWS):
            q[row, r] = riders[r0 + r, row]
        q[rider.PICK, r] = max(q[rider.PICK, r] - first, -1)
        q[rider.DROP, r] -= first
    there_s = b[bus.FREE_S] + d[draft.LEG, 0]
    d[draft.LO, 0] = max(d[draft.LO, 0], there_s)
    back_s = d[draft.SERVICE, n - 1] + b[bus.HOME_S]
    d[draft.HI, n - 1] = min(d[draft.HI, n - 1], b[bus.END_S] - back_s)
    settle_as_is(d, n, q, people, late[0], late[1])
    for k in range(n):
        h = first + k
        halts[h, halt.EARLIEST], halts[h, halt.LATEST] = late[0, k], late[1, k]
        halts[h, halt.PLANNED] = d[draft.T, k]
        halts[h, halt.HI] = max(halts[h, halt.HI], late[0, k])
    b[bus.END_S] = max(b[bus.END_S], d[draft.T, n - 1] + back_s)
    b[bus.EXCESS_S], b[bus.WAIT_S] = excess(d, q, people), waiting(d, q, people, there_s)
    b[bus.RISK_S] = risk(d, n, risk_slack_s)
    spare = 0
    for r in range(people):
        # what a detour during the ride costs at least, and how long it may be
        p, z, limit_s = q[rider.PICK, r], q[rider.DROP, r], q[rider.LIMIT, r]
        riders[r0 + r, rider.LIMIT] = limit_s
        if p < 0:
            way = there_s + d[draft.WAY, z] - q[rider.DEPARTED, r]
        else:
            way = d[draft.WAY, z] - d[draft.WAY, p] - d[draft.SERVICE, p]
        spare += q[rider.PERSONS, r] * max(0, way - q[rider.DIRECT, r])
        tight = q[rider.PERSONS, r] if way >= q[rider.DIRECT, r] else 0
        for k in range(first + p + 1, first + z + 1):
            halts[k, halt.GROWS] += tight
            halts[k, halt.STAYS] += tight if k < first + z else 0
            if p >= 0:
                halts[k, halt.SLACK] = min(halts[k, halt.SLACK], limit_s - way)
    b[bus.RECOVERABLE_S] = b[bus.EXCESS_S] - spare


@njit(cache=True, nogil=True)
def look_ahead(b: Ints, halts: Ints) -> None:
    """Write which place the bus drives to after something new before each visit."""
    next_placed, rest = b[bus.END], 0
    for k in range(b[bus.END] - 1, b[bus.FIRST] - 1, -1):
        if halts[k, halt.ANYWHERE] == 1:
            rest += halts[k, halt.SERVICE]
        else:
            next_placed, rest = k, 0
        halts[k, halt.NEXT], halts[k, halt.REST] = next_placed, rest
