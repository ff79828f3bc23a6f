"""Each kind of wrong line is named with its number, place and cause."""

from pathlib import Path

import pytest
import yaml

from app.importing import ImportFailed, nodes, read_mall, read_mall_file
from app.importing.reader import MAX_BYTES
from tests.importing.conftest import SMALL, edited, problems_of
from tests.importing.wrong_lines import WRONG


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_names_the_wrong_line(text: str, expected: str) -> None:
    found = problems_of(text)

    assert [problem for problem in found if problem.startswith(expected)], found


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_names_the_same_line_where_libyaml_is_missing(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    monkeypatch.setattr(nodes, "_LOADER", yaml.SafeLoader)

    lines = {problem.split(",")[0].split(":")[0] for problem in problems_of(text)}

    assert expected.split(",")[0].split(":")[0] in lines


def test_names_all_wrong_lines_at_once_whether_alone_or_against_each_other() -> None:
    text = edited(
        ("timezone: Asia/Jakarta", "timezone: Mars"),
        ("zone: B", "zone: C"),
        ("Layar Aula", "Layar\x00Aula"),
        ("paper: 58mm", "paper: A4"),
    )

    lines = [problem.split(",")[0].split(":")[0] for problem in problems_of(text)]

    assert lines == ["line 3", "line 35", "line 37", "line 40"]


def test_says_nothing_about_a_file_that_is_right() -> None:
    mall = read_mall(SMALL)

    assert [agency.code for agency in mall.agencies] == ["DKC", "IMI"]
    assert mall.site.public_url == "http://mal.example:8000"


def test_takes_values_as_they_are_written() -> None:
    mall = read_mall(edited(("name: Loket 1", "name: 012"), ("Zona A", "no")))

    assert mall.counters[0].name == "012"
    assert mall.zones[0].name == "no"


def test_refuses_an_alias_bomb_without_expanding_it() -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    text = "\n".join(["a0: &a0 [x]", *levels])

    assert "line 9, a8: anchors are not used here" in problems_of(text)


def test_refuses_deep_nesting_before_it_hurts() -> None:
    assert problems_of("[" * 100_000) == ["line 1: is nested more than 12 deep"]


def test_refuses_masses_of_values() -> None:
    assert problems_of(f"site:\n  languages: [{'a,' * 100_000}]") == [
        "line 2: is the value after 100000, and too many"
    ]


def test_refuses_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "mall.yaml"
    path.write_text(SMALL + "#" * MAX_BYTES)

    with pytest.raises(ImportFailed, match="larger than 4 MB"):
        read_mall_file(path)
    with pytest.raises(ImportFailed, match="larger than 4 MB"):
        read_mall("é" * (MAX_BYTES // 2 + 1))


def test_names_the_line_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "mall.yaml"
    path.write_bytes(SMALL.encode().replace(b"Contoh", b"Conto\xff"))

    with pytest.raises(ImportFailed, match="line 2: is not UTF-8"):
        read_mall_file(path)


def test_reads_a_file_from_a_windows_editor(tmp_path: Path) -> None:
    path = tmp_path / "mall.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())

    assert read_mall_file(path) == read_mall(SMALL)


def test_carries_its_details_for_a_program() -> None:
    with pytest.raises(ImportFailed) as failed:
        read_mall(edited(("zone: B", "zone: C")))

    assert failed.value.details["refused"] == [
        {"path": "counters.L02.zone", "reason": "C is not among the zones", "line": 35}
    ]
