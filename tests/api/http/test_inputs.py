"""Texts that people will read are NFC from their entrance on."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.api.http.inputs import ShortText

SHORT_TEXT = TypeAdapter(ShortText)


@pytest.mark.parametrize("text", ["Cafe\u0301", "Caf\u00e9"])
def test_a_letter_and_its_accent_become_one_sign(text: str) -> None:
    assert SHORT_TEXT.validate_python(text) == "Caf\u00e9"


def test_the_length_is_that_of_what_is_kept() -> None:
    assert len(SHORT_TEXT.validate_python("e\u0301" * 200)) == 200
    with pytest.raises(ValidationError):
        SHORT_TEXT.validate_python("e\u0301" * 201)
