"""``python -m printer`` where no server is installed: each command by its own needs."""

import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

import printer

PACKAGE = Path(printer.__file__).parent
AGENT = ("websockets",)
# what python-escpos and Pillow require, by the names of their wheels
PAPER = (
    *("python-escpos", "pillow", "PyYAML", "appdirs", "argcomplete", "qrcode"),
    *("importlib-resources", "python-barcode", "setuptools", "six"),
)


def alone(folder: Path, packages: tuple[str, ...]) -> Path:
    """Make a folder of the printer and these packages alone."""
    folder.mkdir()
    (folder / "printer").symlink_to(PACKAGE)
    for package in packages:
        files = distribution(package).files or []
        for top in {file.parts[0] for file in files if file.parts[0] != ".."}:
            source = Path(str(distribution(package).locate_file(top)))
            if source.exists() and not (folder / top).exists():
                (folder / top).symlink_to(source)
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        # -S: nothing of this environment's packages
        [sys.executable, "-S", "-m", "printer", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "HOME": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def paper_pc(tmp_path: Path) -> Path:
    return alone(tmp_path / "pc", PAPER)


@pytest.fixture
def bare_pc(tmp_path: Path) -> Path:
    return alone(tmp_path / "pc", ())


def test_no_server_can_be_imported_there(bare_pc: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-S", "-c", "import app"],
        cwd=bare_pc,
        env={"PYTHONPATH": str(bare_pc)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "No module named 'app'" in answer.stderr


@pytest.mark.parametrize(
    "command", ["print-agent", "doctor", "preview", "printer-emulator"]
)
def test_every_command_describes_itself(bare_pc: Path, command: str) -> None:
    answer = run(bare_pc, command, "--help")

    assert answer.returncode == 0, answer.stderr
    assert "usage:" in answer.stdout


def test_preview_draws_a_slip(paper_pc: Path) -> None:
    answer = run(paper_pc, "preview", "slip.png")

    assert answer.returncode == 0, answer.stderr
    assert (paper_pc / "slip.png").read_bytes().startswith(b"\x89PNG")


def test_the_doctor_examines(paper_pc: Path) -> None:
    answer = run(paper_pc, "doctor", "tcp://127.0.0.1:9")

    assert "Traceback" not in answer.stderr
    assert answer.stdout


def test_the_agent_starts(tmp_path: Path) -> None:
    pc = alone(tmp_path / "pc", AGENT)

    answer = run(
        pc, "print-agent", "--server", "nowhere", "--printer", "tcp://127.0.0.1"
    )

    assert "Traceback" not in answer.stderr
    assert "nowhere" in answer.stderr + answer.stdout


@pytest.mark.parametrize(
    "arguments", [("preview", "slip.png"), ("doctor", "tcp://127.0.0.1:9")]
)
def test_a_missing_package_is_named(bare_pc: Path, arguments: tuple[str, ...]) -> None:
    answer = run(bare_pc, *arguments)

    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "printer/requirements.txt" in answer.stderr
