"""How people write names, brought to one form by `fold`.

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
    (re.compile(r"\bprof\b"), "professor"),
    (re.compile(r"\b(?:bgm|burgerm)\b"), "burgermeister"),
    (re.compile(r"\bbgm(?=strasse\b)"), "burgermeister "),
    (re.compile(r"\bhbf\b"), "hauptbahnhof"),
    (re.compile(r"\bb(?:h)?f\b"), "bahnhof"),
)
# Only with their dot: "Rathauspl.", "Bergw." (without it they are ends of real names).
_DOTTED_ENDINGS = ((re.compile(r"(?<=\w\w)pl\."), "platz "), (re.compile(r"(?<=\w\w)w\."), "weg "))
_WRITTEN_UMLAUT = re.compile(r"([aou])e+")
_NOT_A_WORD = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r" ?\([^()]*\)")


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


def spelling(text: str) -> str:
    """Words of `text` in alphabetical order with their umlauts, to tell "Bödastraße" from "Bodastraße"."""
    words = _NOT_A_WORD.sub(" ", unicodedata.normalize("NFC", text).casefold())
    return " ".join(sorted(words.split()))


def without_remark(label: str) -> str:
    """Take out what stands in brackets: "Denner (Supermarkt), Vaduz" is "Denner, Vaduz"."""
    return _BRACKETS.sub("", label)


def _plain(text: str) -> str:
    """Lower-case without marks; ß becomes ss."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
