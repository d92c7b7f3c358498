"""Rows of a draft, shape (ROWS, n): the open visits of one tour, maybe with one ride more."""

LO = 0
HI = 1
SERVICE = 2
LEG = 3
KIND = 4  # as in ``halt``
ABOARD = 5  # riders aboard when the bus leaves
T = 6  # the schedule
LATE = 7  # scratch of the schedule
WAY = 8  # seconds from the first visit to this one when the bus never waits
METRES = 9
CHARGE_M = 10  # at a charging pause: metres allowed to it; -1 elsewhere
ROWS = 11
