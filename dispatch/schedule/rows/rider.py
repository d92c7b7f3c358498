"""Rows of ``Opened.riders``, shape (R, ROWS): who leaves in the open part of a tour."""

PICK = 0  # visit, -1 for who is aboard already
DROP = 1
LIMIT = 2  # longest ride; where reality is longer, what can be kept
DEPARTED = 3  # departure with the rider where PICK is -1
DIRECT = 4
PERSONS = 5
ROWS = 6
