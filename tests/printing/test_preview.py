"""`./antrean preview`: this site's own slip as a picture."""

from pathlib import Path

import pytest
from sqlalchemy import update

from app.cli import main
from app.queueing import rows
from app.settings import Settings
from tests.printing.test_letterhead import TEXTS, png
from tests.support.database import Disk


def lengths(output: str) -> int:
    return int(output.split(" mm long")[0].rsplit(" ", 1)[1])


def test_a_logo_and_texts_make_the_slip_longer(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        *("preview", str(tmp_path / "slip.png"), "--data", str(folder)),
        *("--language", "en"),
    ]
    assert main(command) == 0
    plain = lengths(capsys.readouterr().out)
    (folder / "slip").mkdir()
    (folder / "slip" / "logo.png").write_bytes(png())
    (folder / "slip" / "texts.yaml").write_text(TEXTS)

    assert main(command) == 0

    assert lengths(capsys.readouterr().out) > plain + 10
    assert (tmp_path / "slip.png").read_bytes().startswith(b"\x89PNG")


def test_a_wrong_logo_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "slip").mkdir()
    (folder / "slip" / "logo.png").write_bytes(b"no picture")

    file = tmp_path / "slip.png"

    assert main(["preview", str(file), "--data", str(folder)]) == 1
    assert "not a PNG" in capsys.readouterr().err
    assert file.exists()


def test_without_a_site_it_is_the_test_slip(tmp_path: Path) -> None:
    file = tmp_path / "slip.png"

    assert main(["preview", str(file), "--data", str(tmp_path / "none")]) == 0
    assert file.exists()
    assert not (tmp_path / "none").exists()


def test_a_roll_is_as_long_as_the_sites_policy_says(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Disk(Settings(data=folder).database).writing() as db:
        db.execute(update(rows.site).values(policy={"roll_metres_80mm": 70}))
    command = ["preview", str(tmp_path / "slip.png"), "--data", str(folder)]

    assert main([*command, "--language", "en"]) == 0

    assert "on a roll of 80 mm x 70 m" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "tidak mengenal 日本"), ("en", "font lacks 日本")],
)
def test_says_which_characters_the_slip_cannot_show(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    words: str,
) -> None:
    with Disk(Settings(data=folder).database).writing() as db:
        db.execute(update(rows.site).values(name="Mal 日本"))
    command = ["preview", str(tmp_path / "slip.png"), "--data", str(folder)]

    assert main([*command, "--language", language]) == 0

    assert words in capsys.readouterr().out
