"""How people write addresses, brought to one form: `fold` for words, `fold_number` for house numbers.

Both sides of every comparison go through the same folding, so it need not be right about German,
only the same for "Mörikestr.", "Moerikestraße" and "MORIKESTRASSE".
"""

import re
import unicodedata

# Written as whole words once punctuation is gone; longer patterns first.
_ABBREVIATIONS = (
    (re.compile(r"\ba d\b"), "an der"),
    (re.compile(r"\bi d\b"), "in der"),
    (re.compile(r"\bo d\b"), "ob der"),
    (re.compile(r"\bv d\b"), "vor der"),
    (re.compile(r"\ba(?= [a-z])"), "am"),
    (re.compile(r"\bi(?= [a-z])"), "im"),
    (re.compile(r"\bb(?= [a-z])"), "bei"),
    (re.compile(r"\bst(?= )"), "sankt"),
    (re.compile(r"str\b"), "strasse"),
    (re.compile(r"\bpl\b"), "platz"),
    (re.compile(r"\bdr\b"), "doktor"),
    (re.compile(r"\bhbf\b"), "hauptbahnhof"),
    (re.compile(r"\bb(?:h)?f\b"), "bahnhof"),
)
# Only with their dot: "Rathauspl.", "Bergw." (without it they are ends of real names).
_DOTTED_ENDINGS = ((re.compile(r"(?<=\w\w)pl\."), "platz "), (re.compile(r"(?<=\w\w)w\."), "weg "))
_WRITTEN_UMLAUT = re.compile(r"([aou])e+")
_NOT_A_WORD = re.compile(r"[\W_]+")

_HOUSE_NUMBER = re.compile(
    r"(?<![\w.])"
    r"\d{1,4}(?:\s?[a-z½](?![\w.]))?"  # 12, 12a, 12 a, 7½
    r"(?:\s?[-/+]\s?\d{1,4}(?:\s?[a-z](?![\w.]))?)?"  # 2-4, 6/1
    r"(?![\w.]\w|\w)"
)
_FIRST_DIGITS = re.compile(r"\d+")
_RANGE = re.compile(r"(\d{1,4})-(\d{1,4})")
_WIDEST_RANGE = 40


def fold(text: str) -> str:
    """Bring names to one form: small plain letters, abbreviations written out, single spaces.

    Umlauts lose their dots and the `e` of "ae", "oe", "ue" goes, so that "Mörike", "Moerike" and
    "Morike" are the same word. Folding twice changes nothing.
    """
    text = _plain(text)
    for pattern, full in _DOTTED_ENDINGS:
        text = pattern.sub(full, text)
    text = _WRITTEN_UMLAUT.sub(r"\1", _NOT_A_WORD.sub(" ", text).strip())
    for pattern, full in _ABBREVIATIONS:
        text = pattern.sub(full, text)
    return text


def fold_number(text: str) -> str:
    """Bring a house number to one form: "12 A" and "12a", "2 - 4" and "2-4" become the same."""
    return "".join(_plain_number(text).split())


def numbers_of(tag: str) -> tuple[str, ...]:
    """All house numbers one `addr:housenumber` stands for; the tag's own folded form comes first.

    "2-6" is also 2, 4 and 6; "12;14" is also 12 and 14; "6/1" is only itself.
    """
    found = {fold_number(tag): None}
    for piece in re.split(r"[;,]", tag):
        number = fold_number(piece)
        span = _RANGE.fullmatch(number)
        if span:
            first, last = int(span[1]), int(span[2])
            step = 2 if (last - first) % 2 == 0 else 1
            if first < last <= first + _WIDEST_RANGE:
                found |= dict.fromkeys(str(each) for each in range(first, last + 1, step))
        if number:
            found[number] = None
    return tuple(found)


def house_numbers_in(text: str) -> list[tuple[str, str]]:
    """Pairs (house number, rest of the text) for everything in `text` that may be a house number.

    The likeliest comes first: people end with the number, but years and ordinals stand before it.
    """
    plain = _plain_number(text)
    matches = list(_HOUSE_NUMBER.finditer(plain))
    return [
        (fold_number(match[0]), f"{plain[: match.start()]} {plain[match.end() :]}")
        for match in reversed(matches)
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


def _plain_number(text: str) -> str:
    return text.casefold().replace(" 1/2", "½").replace("\N{EN DASH}", "-")


def _plain(text: str) -> str:
    """Lower-case without marks; ß becomes ss."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
