"""A technician follows the manual's page, line by line, in an empty folder."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.commands.shared.data_folder import locked_folder
from app.web.manual.pages import DOCS
from printer.advice import ADVICE
from tests.commands.conftest import Run

PAGE = (DOCS / "en" / "technician.md").read_text(encoding="utf-8")
LONG_RUN = ("serve", "demo", "doctor")
"""Tried elsewhere: they go on until they are stopped, or ask printers."""
UNDONE = ("./antrean pair", "./antrean voice clips")
"""End with 1: no screen shows the page's code, and nothing is recorded yet."""
PASSWORD = "kopi-tubruk-pagi\n"  # noqa: S105 (invented)
SITE = Path(".antrean/site")
BELOW = {
    "  - code:": "\ncounters:\n",
    "    spare_roll:": "    prefix: R\n",
    "    retired:": "    prefix: D\n",
    "        retired:": "        name_en: Building approval (PBG) filing\n",
    "  special_hours:": "  sample: true\n",
    "  policy:": "  sample: true\n",
    "    special_hours:": "    prefix: R\n",
}
"""Beginning of a block → the line of the sample mall below which it is written."""

_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+[.:])`")


class Technician:
    """Whoever types the page's lines, in a folder with the program's sample mall."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self._run = folder, run
        self.read: list[str] = []

    def type(self, line: str) -> int:
        """Type one line as it stands; returns its status."""
        if not line.startswith("./antrean "):
            there = line.replace("/media/usb", str(self.folder / "usb"))
            return subprocess.run(there.split(), check=False).returncode  # noqa: S603
        words = line.removeprefix("./antrean ").replace('"', "").split(" ")
        status, output, errors = self._run(*_joined(words), stdin=PASSWORD)
        self.read += (output + errors).splitlines()
        return status


def _joined(words: list[str]) -> list[str]:
    """Return the words, those of a name in quotes as one."""
    if "--name" not in words:
        return words
    place = words.index("--name") + 1
    return [*words[:place], " ".join(words[place:])]


@pytest.fixture
def technician(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Technician:
    sample = tmp_path / "app" / "demo"
    sample.mkdir(parents=True)
    (tmp_path / "usb").mkdir()
    shutil.copy(DOCS.parent / "demo" / "mall.yaml", sample)
    monkeypatch.chdir(tmp_path)
    return Technician(tmp_path, run)


def lines_of(block: str) -> list[str]:
    return [line.strip() for line in block.splitlines()]


def insert(block: str) -> None:
    """Write the lines of a block into the mall's file, where the page says."""
    if not block.startswith("  - code:"):  # the page indents what stands in a step
        block = re.sub(r"(?m)^   ", "", block)
    below = next(line for start, line in BELOW.items() if block.startswith(start))
    mall = Path("mall.yaml")
    source = mall.read_text(encoding="utf-8")
    assert source.count(below) == 1
    mall.write_text(source.replace(below, below + block.rstrip() + "\n"), "utf-8")


def test_every_line_of_the_page_works_in_its_order(technician: Technician) -> None:
    for kind, block in _BLOCK.findall(PAGE):
        if kind == "yaml":
            insert(block)
            continue
        for line in lines_of(block):
            if line and line.split()[1] not in LONG_RUN:
                assert technician.type(line) == int(line.startswith(UNDONE)), line

    assert technician.type("./antrean import mall.yaml --yes") == 0
    assert "budi\tofficer\tIMI\tactive\tBudi Santoso" in technician.read
    assert Path(".antrean/site-damaged/antrean.sqlite3").is_file()
    assert _quoted() - set(technician.read) - _provoked(technician) == set()


def _quoted() -> set[str]:
    """Return the whole sentences of the program that the page quotes."""
    return {span for span in _SPAN.findall(PAGE) if " " in span and "…" not in span}


def _provoked(technician: Technician) -> set[str]:
    """Return what the program says where the page tells what may go wrong."""
    technician.read.clear()
    Path("wrong.yaml").write_text("site: {}\n", encoding="utf-8")
    assert technician.type("./antrean import wrong.yaml") == 1
    assert technician.type("./antrean user reset nobody") == 1
    technician.type("./antrean doctor --language en")  # no printer listens here
    read = (line.replace("nobody", "budi") for line in technician.read)
    texts = {line.removeprefix("✓ ") for line in read}
    texts |= {advice.english for advice in ADVICE.values()}
    texts |= {
        f"{sentence}." for text in texts for sentence in text.rstrip(".").split(". ")
    }
    # a screen that is paired is tested with the command (tests/commands)
    return texts | {"The screen becomes K1 within a few seconds."}


def test_a_second_program_on_the_folder_is_refused_as_the_page_says(
    technician: Technician,
) -> None:
    technician.type("cp app/demo/mall.yaml mall.yaml")

    with locked_folder(SITE):
        assert technician.type("./antrean import mall.yaml") == 1

    answer = re.sub(r"pid \d+", "pid …", technician.read[-1])
    assert f"`{answer}`" in PAGE
