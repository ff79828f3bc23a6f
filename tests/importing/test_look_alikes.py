"""Signs that look like YAML's own are named as what they are, with their line."""

import pytest

from app.importing import ImportFailed, read_mall
from tests.importing.conftest import SMALL, edited

TIMEZONE = "  timezone: Asia/Jakarta"
SPACE, TAB = "where spaces belong", "line {}: holds a tab (U+0009) where spaces belong"


def problems_of(text: str) -> list[str]:
    with pytest.raises(ImportFailed) as failed:
        read_mall(text)
    return [str(problem) for problem in failed.value.problems]


@pytest.mark.parametrize(
    ("wrong", "line", "name"),
    [
        ("  timezone:\u00a0Asia/Jakarta", 3, "no-break space (U+00A0)"),
        ("\u00a0 timezone: Asia/Jakarta", 3, "no-break space (U+00A0)"),
        (" \u00a0timezone: Asia/Jakarta", 3, "no-break space (U+00A0)"),
        ("  timezone:\u202fAsia/Jakarta", 3, "narrow no-break space (U+202F)"),
        ("  timezone:\u3000Asia/Jakarta", 3, "wide space (U+3000)"),
        ("\ttimezone: Asia/Jakarta", 3, "tab (U+0009)"),
        ("  \ttimezone: Asia/Jakarta", 3, "tab (U+0009)"),
    ],
)
def test_a_blank_that_yaml_does_not_take_is_all_that_is_named(
    wrong: str, line: int, name: str
) -> None:
    problems = problems_of(edited((TIMEZONE, wrong)))

    assert problems == [f"line {line}: holds a {name} where spaces belong"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("- {code: L1, name", "-\u00a0{code: L1, name", 9),
        ("{code: A, name: Zona A", "{code:\u00a0A, name: Zona A", 12),
        ("{code: A, name: Zona A", "{code: A, name:\u00a0Zona A", 12),
    ],
)
def test_a_blank_in_a_list_or_in_braces_is_named(old: str, new: str, line: int) -> None:
    problems = problems_of(edited((old, new)))

    assert problems == [f"line {line}: holds a no-break space (U+00A0) {SPACE}"]


@pytest.mark.parametrize(
    ("opening", "closing"),
    ["“”", "„“", "‘’", "«»", "″″", "``", "´´", "＂＂"],
)
def test_look_alike_quotes_around_a_value_are_named(opening: str, closing: str) -> None:
    wrong = f"name: {opening}Mal Contoh{closing}"
    problems = problems_of(edited(("name: Mal Contoh", wrong)))

    assert len(problems) == 1
    assert problems[0].startswith("line 2")
    assert f"holds the quotation mark {opening} (U+{ord(opening):04X})" in problems[0]


@pytest.mark.parametrize("wrong", ["“Mal: Contoh”", "'Mal Contoh’", '"Mal Contoh”'])
def test_look_alike_quotes_that_break_the_file_are_named(wrong: str) -> None:
    problems = problems_of(edited(("name: Mal Contoh", f"name: {wrong}")))

    assert problems[0].startswith("line 2: holds the quotation mark")


@pytest.mark.parametrize("sign", ["：", "∶", "꞉"])
def test_look_alike_colons_are_named_in_their_own_line(sign: str) -> None:
    problems = problems_of(edited(("  name: Mal Contoh", f"  name{sign} Mal Contoh")))

    expected = f"holds the sign {sign} (U+{ord(sign):04X}) where a colon belongs"
    assert problems == [f"line 2: {expected}"]


@pytest.mark.parametrize("sign", ["–", "—", "−", "•", "‑"])
def test_look_alike_hyphens_of_an_item_are_named(sign: str) -> None:
    problems = problems_of(edited(("- {code: L1, name", f"{sign} {{code: L1, name")))

    expected = f"holds the sign {sign} (U+{ord(sign):04X}) where a hyphen belongs"
    assert problems == [f"line 9: {expected}"]


def test_a_colon_in_a_text_without_quotes_is_named() -> None:
    problems = problems_of(edited(("name: Mal Contoh", "name: Mal: Contoh")))

    assert problems == ["line 2: a text that holds a colon belongs in quotes"]


@pytest.mark.parametrize(
    "name",
    ["Mal\u00a0Contoh", "‘Aisyiyah", "Jum’at", "Mal “Contoh” Jambi", "Kios 5′"],
)
def test_inside_a_name_they_are_right(name: str) -> None:
    mall = read_mall(edited(("name: Mal Contoh", f"name: {name}")))

    assert mall.site.name == name


def test_a_remark_may_hold_anything() -> None:
    mall = read_mall(SMALL + "# \u00a0“this”\tand that\n  # :\u00a0“x”\n")

    assert mall.site.name == "Mal Contoh"


@pytest.mark.parametrize("written", ["Cafe\u0301", '"Cafe\\u0301"', "Caf\u00e9"])
def test_a_letter_and_its_accent_become_one_sign(written: str) -> None:
    mall = read_mall(edited(("name: Mal Contoh", f"name: {written}")))

    assert mall.site.name == "Caf\u00e9"
