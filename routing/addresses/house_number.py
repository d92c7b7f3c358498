"""House numbers: written in many ways, standing for one house or several."""

import re
from collections.abc import Iterator

_ONE = r"\d{1,4}(?:\s?[a-z½](?:\s?-\s?[a-z])?(?![\w.]))?"  # 12, 12a, 12 a, 7½, 10a-d
_HOUSE_NUMBER = re.compile(
    r"(?<![\w.])"
    rf"{_ONE}"
    r"(?:\s?[-/+]\s?\d{1,4}(?:\s?[a-z](?![\w.]))?)?"  # 2-4, 6/1
    r"(?![\w.]\w|\w)"
)
# "8;10" and "76, 76a, 76b": one house with several numbers.
_LIST = re.compile(rf"(?<![\w.]){_ONE}(?:\s?[;,]\s?{_ONE})+(?![\w.]\w|\w)")
_SEPARATOR = re.compile(r"[;,]")
_FIRST_DIGITS = re.compile(r"\d+")
_RANGE = re.compile(r"(\d{1,4})[a-z]?-(\d{1,4})[a-z]?")
_LETTERS = re.compile(r"(\d{1,4})([a-z])-([a-z])")
_WIDEST_RANGE = 40

OWN, SAME_SIDE, ACROSS = 0, 1, 2
"""How a house comes to a number: tagged so; within its range or list; between, on the other side."""


def fold_number(text: str) -> str:
    """Bring a house number to one form: "12 A" and "12a", "2 - 4" and "2-4" become the same."""
    return "".join(_plain_number(text).split())


def numbers_of(tag: str) -> dict[str, int]:
    """All house numbers one `addr:housenumber` stands for, each with `OWN`, `SAME_SIDE` or `ACROSS`.

    "2-6" is also 2, 4 and 6 and, for want of a better house, 3 and 5; "12;14" is also 12 and 14;
    "10a-c" is also 10a, 10b and 10c; "6/1" is only itself.
    """
    found = {fold_number(tag): OWN}
    for piece in _SEPARATOR.split(tag):
        number = fold_number(piece)
        if number:
            found.setdefault(number, SAME_SIDE)
        for each, side in _within(number):
            found.setdefault(each, side)
    return found


def house_numbers_in(text: str) -> list[tuple[str, str]]:
    """Pairs (house number, rest of the text) for everything in `text` that may be a house number.

    The likeliest comes first: people end with the number, but years and ordinals stand before it.
    """
    plain = _plain_number(text)
    matches = [*reversed(list(_HOUSE_NUMBER.finditer(plain))), *_LIST.finditer(plain)]
    return [
        (_first_of(match[0]), f"{plain[: match.start()]} {plain[match.end() :]}")
        for match in matches
    ]


def number_distance(asked: str, known: str) -> float | None:
    """How far along the street `known` lies from `asked`; None where either has no digits.

    A different letter counts less than the next number; the other side of the road one more.
    """
    first, second = _FIRST_DIGITS.search(asked), _FIRST_DIGITS.search(known)
    if first is None or second is None:
        return None
    gap = abs(int(first[0]) - int(second[0]))
    if gap == 0:
        return 0.0 if asked == known else 0.5
    return gap + gap % 2


def _within(number: str) -> Iterator[tuple[str, int]]:
    """Numbers between the ends of a folded range, those on its side first."""
    letters = _LETTERS.fullmatch(number)
    if letters:
        for letter in range(ord(letters[2]), ord(letters[3]) + 1):
            yield f"{letters[1]}{chr(letter)}", SAME_SIDE
    span = _RANGE.fullmatch(number)
    first, last = (int(span[1]), int(span[2])) if span else (0, 0)
    if first < last <= first + _WIDEST_RANGE:
        step = 2 if (last - first) % 2 == 0 else 1
        for each in range(first, last + 1, step):
            yield str(each), SAME_SIDE
        for each in range(first + 1, last, step) if step > 1 else ():
            yield str(each), ACROSS


def _first_of(numbers: str) -> str:
    return fold_number(_SEPARATOR.split(numbers)[0])


def _plain_number(text: str) -> str:
    return text.casefold().replace(" 1/2", "½").replace("\N{EN DASH}", "-")
