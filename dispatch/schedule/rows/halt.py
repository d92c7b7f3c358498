"""Rows of ``Opened.halts``, shape (V, ROWS): the open visits; what the search reads first comes first."""

PLACE = 0
LO = 1  # doors open not before
SERVICE = 2  # seconds from doors open to departure
LEG = 3  # driving seconds to it
EARLIEST = 4  # ride times aside
LATEST = 5  # later than this somebody's limit breaks, ride times aside
PAUSE = 6  # 0 no, 1 pause, 2 charging pause
NEXT = 7  # the first visit from here on that has a place of its own; the tour's end if none has
METRES = 8
GROWS = 9  # persons aboard on the way before it, of those who have no time to spare
STAYS = 10  # the same of those who stay aboard during the visit
SLACK = 11  # the most by which the way before it may grow for those aboard, waiting aside
REST = 12  # seconds of the pauses from here to NEXT
HI = 13  # doors open not after; where reality is later than what was told, what can be kept
ANYWHERE = 14  # 1 for a pause without a place
KIND = 15  # of PICKUP, DROP, ANCHOR
ABOARD = 16  # riders aboard when the bus leaves
PLANNED = 17  # the canonical schedule
CHARGE_M = 18  # at a charging pause: metres allowed from the last charge to it; -1 elsewhere
ROWS = 19

# values of KIND
PICKUP = 0  # nobody alights: may be as late as what follows allows
DROP = 1  # somebody alights: as early as can be
ANCHOR = 2  # a pause, or somebody alights who was aboard from the start
