"""Rows of a wanted ride, shape (ROWS + kinds of load,): the ride to insert and the rules to ignore."""

ORIGIN = 0
DESTINATION = 1
PICK_FROM = 2  # this and the next three as in a slice
PICK_UNTIL = 3
DROP_FROM = 4
DROP_UNTIL = 5
LIMIT = 6  # longest ride
DIRECT = 7
PERSONS = 8
BOARD_S = 9
ALIGHT_S = 10
STOP_S = 11
WISH_S = 12
WISH_IS_ARRIVAL = 13
NEEDS = 14  # features, one bit each
ALONE = 15
STANDING = 16
RELAXED = 17  # bits of :class:`dispatch.insertion.terms.Relax`
LOAD = 18  # this and the following rows: one for each kind of load
