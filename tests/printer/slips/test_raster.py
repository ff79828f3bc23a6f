"""Lines drawn as pictures: what tells one letter from another survives."""

import pytest

from printer.slips.raster import line_image, marks_of

ARABIC = {
    "final dhal": "\ufeac",
    "initial sheen": "\ufeb7",
    "police": "شرطة",
    "carrying out": "تنفيذ",
    "theh, yeh, qaf": "ث ي ق",
    "office": "مكتب الشؤون",
}


@pytest.mark.parametrize("text", ARABIC.values(), ids=ARABIC)
def test_bold_letters_keep_their_dots(text: str) -> None:
    plain = line_image(text, width=1, height=1, bold=False)
    bold = line_image(text, width=1, height=1, bold=True)

    letters = marks_of(plain)
    assert set().union(*letters) <= set().union(*marks_of(bold))
    for mark in marks_of(bold):
        assert sum(not mark.isdisjoint(each) for each in letters) < 2


def test_letters_without_marks_are_bold() -> None:
    plain = line_image("Дом", width=1, height=1, bold=False)
    bold = line_image("Дом", width=1, height=1, bold=True)

    assert sum(map(len, marks_of(bold))) > sum(map(len, marks_of(plain)))
