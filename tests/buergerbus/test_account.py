"""The first account from the command line, and what helps when somebody is locked out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from buergerbus.cli import run

PASSWORD = "sieben graue Kraniche"  # noqa: S105  # of a folder that lives for a second


@dataclass(frozen=True)
class Told:
    """What a command printed."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Told]


@pytest.fixture
def account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Return ``buergerbus account`` on a data folder with an administrator, Ada."""

    def command(*arguments: str, typed: str = "") -> Told:
        monkeypatch.setattr("typer.prompt", lambda *_, **__: typed)
        code = run(["account", *arguments, "--data-dir", str(tmp_path / "data")])
        return Told(code, *capsys.readouterr())

    added = command("add", "Ada@example.org", "--name", "Ada", typed=PASSWORD)
    assert added.returncode == 0, added.stderr
    assert PASSWORD not in added.stdout + added.stderr
    return command


def listed(account: Command) -> list[dict[str, object]]:
    """Return what ``list --json`` prints."""
    return list(json.loads(account("list", "--json").stdout))


def test_the_first_account_is_an_administrators(account: Command) -> None:
    assert listed(account) == [
        {
            "login": "ada@example.org",
            "name": "Ada",
            "role": "administrator",
            "operator": None,
            "two_steps": False,
            "enabled": True,
        }
    ]
    told = account("reset", "ADA@example.org")
    assert "ada@example.org signs in once with" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", "ada@example.org", "--name", "Ada"), PASSWORD, "this login already"),
        (("add", "eva", "--name", "Eva"), "kurz", "12 to 128 characters"),
        (("add", "a b", "--name", "Eva"), PASSWORD, "without spaces"),
        (("add", "eva", "--name", "Eva", "--role", "driver"), "", "none of administrator"),
        (("add", "eva", "--name", "Eva", "--role", "agent"), "", "one of the operators"),
        (("disable", "ada@example.org"), "", "At least one administrator"),
        (("disable", "nobody"), "", "no such account"),
        (("reset", "nobody", "--second-factor"), "", "no such account"),
    ],
)
def test_what_is_wrong_is_one_line(
    account: Command, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    answer = account(*arguments, typed=typed)
    assert answer.returncode == 2
    assert said in answer.stderr.splitlines()[-1]
    assert len(listed(account)) == 1
    assert listed(account)[0]["enabled"] is True


def test_an_account_is_disabled_and_comes_back(account: Command) -> None:
    account("add", "eva", "--name", "Eva", typed=PASSWORD)
    assert "eva is disabled." in account("disable", "eva").stdout
    assert [row["enabled"] for row in listed(account)] == [True, False]
    account("disable", "eva", "--undo")
    assert [row["enabled"] for row in listed(account)] == [True, True]
