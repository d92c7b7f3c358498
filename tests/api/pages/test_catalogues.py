"""Every sentence of the pages exists in both languages, with the same gaps to fill."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import api
from api.i18n import LANGUAGES, LOCALE_FOLDER, catalogue_file, choose_language, language

FOLDER = Path(str(api.__file__)).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "text": None, "texts": (1, 2)}
GAP = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def used_messages() -> set[str]:
    with (LOCALE_FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(FOLDER, methods, options, keywords=KEYWORDS)
    return {m if isinstance(m, str) else m[0] for _, _, m, _, _ in found}


def gaps(text: str) -> set[str]:
    return {first or second for first, second in GAP.findall(text)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_catalogue_holds_exactly_the_messages_in_use(code: str) -> None:
    with catalogue_file(code).open("rb") as file:
        catalogue = read_po(file, locale=code)
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}
    assert len(kept) > 100
    assert kept == used_messages()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_is_translated_with_the_same_gaps(code: str) -> None:
    with catalogue_file(code).open("rb") as file:
        catalogue = read_po(file, locale=code)
    for message in catalogue:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        assert len(said) == len(ids)
        assert all(said), message.id
        assert not message.fuzzy
        for sentence in said:
            assert gaps(sentence) == gaps(ids[0]), sentence


def test_english_is_the_message_itself() -> None:
    english = language("en")
    assert english.text("Take this ride") == "Take this ride"
    assert english.texts("%(num)s person", "%(num)s persons", 2) == "%(num)s persons"


def test_german_is_german() -> None:
    german = language("de")
    assert german.text("Take this ride") == "Diese Fahrt nehmen"
    assert german.texts("%(num)s wheelchair", "%(num)s wheelchairs", 1) == "%(num)s Rollstuhl"


@pytest.mark.parametrize(
    ("asked", "remembered", "chosen"),
    [
        (None, None, "de"),
        ("en", None, "en"),
        (None, "en", "en"),
        ("de", "en", "de"),
        ("fr", None, "de"),
        ("fr", "en", "en"),
        ("../de", "", "de"),
    ],
)
def test_language_is_the_one_asked_for_else_remembered_else_german(
    asked: str | None, remembered: str | None, chosen: str
) -> None:
    assert choose_language(asked, remembered) == chosen
