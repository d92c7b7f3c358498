"""Folding: every way to write a name comes to one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.addresses.house_number import (
    ACROSS,
    OWN,
    SAME_SIDE,
    fold_number,
    house_numbers_in,
    number_distance,
    numbers_of,
)
from routing.addresses.text import fold

GERMAN = st.text(alphabet="abcdeghijlmnorstuvwzäöüßABSTÄÖÜ .-/'0123456789", max_size=30)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Mörikestr.", "Moerikestraße"),
        ("MÖRIKESTRASSE", "Morikestraße"),
        ("St.-Georgen-Str.", "Sankt Georgen Strasse"),
        ("Rathauspl.", "Rathausplatz"),
        ("Bergw.", "Bergweg"),
        ("Lauf a.d.Pegnitz", "Lauf an der Pegnitz"),
        ("Lauf a. d. Pegnitz", "LAUF AN DER PEGNITZ"),
        ("Neunkirchen a. Sand", "Neunkirchen am Sand"),
        ("Bad Berneck i.Fichtelgebirge", "Bad Berneck im Fichtelgebirge"),
        ("Hbf", "Hauptbahnhof"),
        ("Café", "cafe"),
    ],
)
def test_spellings_of_one_name_fold_alike(written: str, same: str) -> None:
    assert fold(written) == fold(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bergstraße", "Burgstraße"), ("Schaan", "Schaanwald"), ("Kappl", "Kapplatz")],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(GERMAN)
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folding is idempotent."""
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=30))
def test_folding_survives_any_text(text: str) -> None:
    """What comes out has single spaces, no capitals, no punctuation, whatever goes in."""
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded == folded.casefold()
    assert all(char.isalnum() or char == " " for char in folded)


@given(GERMAN)
def test_umlauts_and_sharp_s_may_be_written_out(text: str) -> None:
    """ä is ae, ö is oe, ü is ue, ß is ss."""
    plain = text
    for umlaut, letters in zip("äöüÄÖÜß", ("ae", "oe", "ue", "Ae", "Oe", "Ue", "ss"), strict=True):
        plain = plain.replace(umlaut, letters)
    assert fold(plain) == fold(text)


@pytest.mark.parametrize(
    ("line", "number", "rest"),
    [
        ("Landstraße 12, Triesen", "12", "landstrasse triesen"),
        ("Landstraße 12a", "12a", "landstrasse"),
        ("Landstraße 12 a Triesen", "12a", "landstrasse triesen"),
        ("Hauptstr. 12 a.d. Pegnitz", "12", "hauptstrasse an der pegnitz"),
        ("12 Landstraße", "12", "landstrasse"),
        ("Papiermühle 108/10", "108/10", "papiermuhle"),
        ("Hof 7 1/2", "7½", "hof"),
        ("Markt 2 - 4", "2-4", "markt"),
        ("Straße des 17. Juni 135", "135", "strasse des 17 juni"),
        ("Hauptstr 5 95463 Bindlach", "5", "hauptstrasse 95463 bindlach"),
    ],
)
def test_the_house_number_is_found(line: str, number: str, rest: str) -> None:
    first, text = house_numbers_in(line)[0]
    assert (first, fold(text)) == (number, rest)


def test_a_line_without_number_has_none() -> None:
    assert house_numbers_in("Rathaus Triesen") == []
    assert house_numbers_in("95463 Bindlach") == []


def test_a_range_stands_for_the_houses_on_its_side() -> None:
    assert [*numbers_of("2-6")] == ["2-6", "2", "4", "6", "3", "5"]
    assert numbers_of("12-14") == {"12-14": OWN, "12": SAME_SIDE, "14": SAME_SIDE, "13": ACROSS}
    assert [*numbers_of("7-8")] == ["7-8", "7", "8"]
    assert [*numbers_of("12;14 a")] == ["12;14a", "12", "14a"]
    assert [*numbers_of("10a-d")] == ["10a-d", "10a", "10b", "10c", "10d"]
    assert numbers_of("6/1") == {"6/1": OWN}
    assert numbers_of("9-2") == {"9-2": OWN}


@given(st.integers(1, 999), st.sampled_from(["", "a", "b"]), st.booleans())
def test_every_house_number_is_read_back(number: int, letter: str, space: bool) -> None:  # noqa: FBT001
    """A number written behind a street is found again, with or without a space before its letter."""
    written = f"{number}{' ' if space and letter else ''}{letter}"
    assert house_numbers_in(f"Dorfstraße {written}")[0][0] == fold_number(written)


def test_the_next_number_on_the_same_side_is_nearer_than_the_one_across() -> None:
    assert number_distance("12", "12") == 0
    assert number_distance("12", "12a") == 0.5
    assert number_distance("12", "14") == 2
    assert number_distance("12", "13") == 2
    assert number_distance("12", "15") == 4
    assert number_distance("12", "a") is None
