"""What texts may hold."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.api.http.inputs import ShortText, UserName

SHORT_TEXT = TypeAdapter(ShortText)
USER_NAME = TypeAdapter(UserName)


@pytest.mark.parametrize("blank", ["\t", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}"])
def test_a_pasted_blank_is_a_blank(blank: str) -> None:
    assert SHORT_TEXT.validate_python(f"bawa{blank}KTP") == "bawa KTP"
    assert USER_NAME.validate_python(f"{blank}sari{blank}") == "sari"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\n", "\u202e", "\u200b", "\ud800"])
def test_what_steers_a_printer_or_hides_is_refused(sign: str) -> None:
    for form in (SHORT_TEXT, USER_NAME):
        with pytest.raises(ValidationError):
            form.validate_python(f"a{sign}b")
