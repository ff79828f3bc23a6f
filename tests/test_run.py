"""``./antrean test`` says at its end what it left out."""

import subprocess
import sys
from pathlib import Path

from tests.run import Step, skip_reasons, summary

REASONS = ("no emupos", "no emupos", "no zbarimg")
FILE = """
import pytest

pytestmark = pytest.mark.skipif(True, reason="no emupos")

def test_one(): ...

def test_two(): ...
"""


def test_each_reason_has_a_line_at_the_end() -> None:
    steps = [Step("tests", 0, 1.0, skip_reasons=REASONS), Step("browser", 0, 1.0)]

    assert list(summary(steps)) == [
        "skipped 2: no emupos",
        "skipped 1: no zbarimg",
        "all steps passed",
    ]


def test_nothing_skipped_is_said_too() -> None:
    steps = [Step("ruff check", 1, 1.0), Step("tests", 2, 1.0)]

    assert list(summary(steps)) == ["skipped none", "failed: ruff check, tests"]


def test_the_reasons_are_those_of_pytest(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(FILE)
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]

    subprocess.run(  # noqa: S603
        command, cwd=tmp_path, env={}, check=True, capture_output=True
    )

    assert list(skip_reasons(report)) == ["no emupos", "no emupos"]


def test_a_report_that_was_never_written_has_no_reasons(tmp_path: Path) -> None:
    assert list(skip_reasons(tmp_path / "report.xml")) == []
