"""Rows of the arrays of the search."""

# weights (WEIGHTS,), float64: what things cost in seconds of driving
RIDE = 0
METRE = 1
SHIFT = 2
WISH = 3
WAIT = 4
RISK = 5
FIXED = 6  # the walks of this request
WEIGHTS = 7

# candidates (rows, CANDIDATE): places to be looked at
BUS = 0
AT = 1  # this and the next three as in ``Places``, but indices of visits
JOIN_AT = 2
TO = 3
JOIN_TO = 4
ADDED_S = 5
ADDED_M = 6
CANDIDATE = 7

# hits (rows, HIT): places found, with all rows of a candidate first
PICKUP_S = 7
ARRIVAL_S = 8
RIDE_S = 9
SHARED = 10
HIT = 11
