"""A misspelt setting is told, with the one that is likely meant."""

from pathlib import Path

import pytest

from app.settings import unknown_variables
from tests.commands.conftest import Run


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ANTREAN_PROT", "ANTREAN_PORT"),
        ("ANTREAN_SECURE_COOKIE", "ANTREAN_SECURE_COOKIES"),
        ("ANTREAN_TRUSTED_PROXY", "ANTREAN_TRUSTED_PROXIES"),
        ("antrean_session_hour", "ANTREAN_SESSION_HOURS"),
        ("ANTRIAN_PORT", "ANTREAN_PORT"),
        ("ANTEREAN_DATA", "ANTREAN_DATA"),
    ],
)
def test_the_nearest_setting_is_named(name: str, meant: str) -> None:
    (unknown,) = unknown_variables([name])

    assert (unknown.name, unknown.meant) == (name, meant)
    assert name in unknown.sentence()
    assert meant in unknown.sentence()


@pytest.mark.parametrize(
    "name",
    [
        "ANTREAN_PORT",
        "antrean_port",
        "ANTREAN_CHROMIUM",
        "PATH",
        "HOST",
        "PORT",
        "DATA",
    ],
)
def test_what_is_set_rightly_or_not_ours_is_not_told(name: str) -> None:
    assert list(unknown_variables([name])) == []


@pytest.mark.parametrize("command", ["serve", "doctor", "import"])
def test_every_command_says_so_before_it_does_anything(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("ANTREAN_SESION_HOURS", "8")
    words = [command, *["mall.yaml"] * (command == "import")]

    _, _, errors = run(*words, "--data", tmp_path / "nothing")

    first_line = errors.partition("\n")[0]
    assert "ANTREAN_SESION_HOURS sets nothing; ANTREAN_SESSION_HOURS" in first_line
