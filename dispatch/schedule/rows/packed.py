"""Rows of :class:`dispatch.schedule.arrays.Packed`: what Python knows of a tour, whole, without travel."""

# --- buses, S of them
START_PLACE = 0
END_PLACE = 1
START_S = 2
END_S = 3
RANGE_M = 4  # FAR where it is no matter
DRIVING_AT_MOST_S = 5  # likewise
FEATURES = 6  # one bit each
QUOTA_S = 7  # direct driving of standing rides the shift may take
UNUSED = 8  # 1 where the tour has nothing but pauses
VISITS_FROM = 9  # the tour's visits and rides are those from .. until
VISITS_UNTIL = 10
RIDES_FROM = 11
RIDES_UNTIL = 12
DELAYED = 13  # index of the visit a delay is known of, -1 where none is
NOT_BEFORE_S = 14  # when that visit is reached at the earliest
BUS_ROWS = 15

# --- visits, V of them
PLACE = 0
PLANNED = 1  # 1 until it is reported
ARRIVE_S = 2
DEPART_S = 3
PAUSE = 4  # 0 no, 1 pause, 2 charging pause
FROM_S = 5  # a pause begins no earlier
UNTIL_S = 6  # and no later
SERVICE_S = 7  # without what boarding and leaving take
ANYWHERE = 8  # 1 for a pause wherever the bus stands then
VISIT_ROWS = 9

# rides: shape (R, LOAD + kinds of load): those who leave in the tour
PICK = 0  # visit within the tour, -1 where it is not known
DROP = 1
STANDING = 2
PICKUP_FROM_S = 3
PICKUP_UNTIL_S = 4
ARRIVE_BY_S = 5
RIDE_AT_MOST_S = 6
BOARDING_S = 7
ALIGHTING_S = 8
PERSONS = 9
ALONE = 10
LOAD = 11  # this and the following rows: one for each kind of load
