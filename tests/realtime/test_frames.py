"""A frame made once is what the library would make for each socket."""

import pytest
from websockets.frames import Frame, Opcode

from app.realtime.frames import text_frame


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
def test_a_frame_is_what_the_library_makes(length: int) -> None:
    text = b"x" * length

    assert text_frame(text) == Frame(Opcode.TEXT, text).serialize(mask=False)
