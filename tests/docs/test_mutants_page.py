"""The page of mutants speaks of today's source."""

from tests.mutants import ROOT, TESTS, listed_as_harmless
from tests.mutating import FOLDER


def test_every_listed_line_stands_in_todays_source() -> None:
    gone = [
        mutant.page_line
        for mutant in listed_as_harmless()
        if mutant.before_line not in lines_of(mutant.module)
    ]

    assert gone == []


def lines_of(module: str) -> set[str]:
    text = (FOLDER / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    return {line.strip() for line in text.splitlines()}


def test_the_tests_of_every_module_are_there() -> None:
    for files in TESTS.values():
        for file in files:
            assert (ROOT / f"tests/queueing/{file}.py").is_file(), file
