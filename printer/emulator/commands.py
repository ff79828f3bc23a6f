"""Cut a stream of bytes into ESC/POS commands, whatever their meaning.

Lengths as in Epson's ESC/POS command reference. A state machine over one
buffer: what is incomplete waits for more bytes; a prefix that is not in the
table becomes an `unknown` command of two bytes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Length = Callable[[bytes], int | None]  # parameters so far → how many there are

MAX_COMMAND_BYTES = 1 << 20  # bytes of one command: what claims to be longer is noise

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D
_PREFIXES = (DLE, ESC, FS, GS)
_MAX_HEADER_BYTES = 512  # bytes that tell the length of any command
_TEXT = re.compile(rb"[^\x00-\x1f]+")
_CONTROLS = {0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}


@dataclass(frozen=True, slots=True)
class Command:
    """One command or run of text.

    `name` is as in the reference ("ESC a"), or `text`, or `unknown`;
    `parameters` are the bytes behind the name, `raw` is all of it.
    """

    name: str
    parameters: bytes
    raw: bytes

    @property
    def immediate(self) -> bool:
        """Whether a printer obeys on arrival, ahead of what is buffered."""
        return self.raw[0] == DLE


class CommandReader:
    """Turns chunks of bytes, however they are split, into commands."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, chunk: bytes) -> Iterator[Command]:
        """Yield every command that is complete with this chunk.

        Whoever stops in the middle has had what was yielded, and nothing else.
        """
        self._buffer += chunk
        start = 0
        try:
            while start < len(self._buffer):
                command = _command_at(self._buffer, start)
                if command is None:
                    break
                start += len(command.raw)
                yield command
        finally:
            self._buffer = self._buffer[start:]

    @property
    def rest(self) -> bytes:
        """What has arrived of a command that is not complete."""
        return self._buffer


def _command_at(data: bytes, start: int) -> Command | None:
    first = data[start]
    if first in _PREFIXES:
        return _prefixed(data, start)
    if first in _CONTROLS:
        return Command(_CONTROLS[first], b"", data[start : start + 1])
    text = _TEXT.match(data, start)
    if text is None:
        return Command("unknown", b"", data[start : start + 1])
    return Command("text", text[0], text[0])


def _prefixed(data: bytes, start: int) -> Command | None:
    head = data[start : start + _MAX_HEADER_BYTES]
    if len(head) < 3 and (len(head) < 2 or head in _BEGINNINGS):
        return None
    size = 3 if head[:2] in _BEGINNINGS else 2
    length_of = _LENGTHS.get(head[:size])
    unknown = Command("unknown", b"", head[:2])
    if length_of is None:
        return unknown
    length = length_of(head[size:])
    if length is None:  # not to be told yet, unless it is noise
        return None if len(head) < _MAX_HEADER_BYTES else unknown
    if length > MAX_COMMAND_BYTES:
        return unknown
    end = start + size + length
    if len(data) < end:
        return None
    return Command(_NAMES[head[:size]], data[start + size : end], data[start:end])


def _fixed(length: int) -> Length:
    return lambda _: length


def _counted(parameters: bytes) -> int | None:
    """`pL pH` and as many bytes as they say."""
    if len(parameters) < 2:
        return None
    return 2 + int.from_bytes(parameters[:2], "little")


def _raster(parameters: bytes) -> int | None:
    """`m xL xH yL yH`, then x bytes for each of y rows."""
    if len(parameters) < 5:
        return None
    across = int.from_bytes(parameters[1:3], "little")
    return 5 + across * int.from_bytes(parameters[3:5], "little")


def _columns(parameters: bytes) -> int | None:
    """`m nL nH`, then n columns of one byte, or of three from mode 32 on."""
    if len(parameters) < 3:
        return None
    count = int.from_bytes(parameters[1:3], "little")
    return 3 + count * (3 if parameters[0] >= 32 else 1)


def _cut(parameters: bytes) -> int | None:
    """`m`, and a feed `n` with the letters."""
    if not parameters:
        return None
    return 1 if parameters[0] in (0, 1, 48, 49) else 2


def _barcode(parameters: bytes) -> int | None:
    """Old form: ends with NUL; new form (m from 65 on): counted."""
    if len(parameters) < 2:
        return None
    if parameters[0] >= 65:
        return 2 + parameters[1]
    end = parameters.find(b"\0", 1)
    return None if end < 0 else end + 1


def _until_nul(parameters: bytes) -> int | None:
    end = parameters.find(b"\0")
    return None if end < 0 else end + 1


def _immediate_pulse(parameters: bytes) -> int | None:
    """`DLE DC4 fn …`: eight bytes for fn 8, else three."""
    if not parameters:
        return None
    return 8 if parameters[0] == 8 else 3


_TABLE: dict[str, Length] = {
    **dict.fromkeys(("ESC @", "ESC 2", "ESC i", "ESC m", "FS .", "FS &"), _fixed(0)),
    **dict.fromkeys(
        ("ESC !", "ESC -", "ESC 3", "ESC =", "ESC ?", "ESC A", "ESC +", "ESC E",
         "ESC G", "ESC J", "ESC M", "ESC R", "ESC S", "ESC V", "ESC a", "ESC d",
         "ESC r", "ESC t", "ESC {", "ESC SP", "ESC e", "ESC K", "GS !", "GS B",
         "GS H", "GS I", "GS a", "GS b", "GS f", "GS h", "GS r", "GS w", "GS |",
         "FS !", "FS -", "DLE EOT", "DLE ENQ"),
        _fixed(1),
    ),
    **dict.fromkeys(
        ("ESC $", "ESC \\", "ESC c", "ESC B", "GS L", "GS W", "GS P", "FS S"),
        _fixed(2),
    ),
    "ESC p": _fixed(3),
    "ESC *": _columns,
    "ESC D": _until_nul,
    "GS V": _cut,
    "GS k": _barcode,
    "GS v 0": _raster,
    "DLE DC4": _immediate_pulse,
    **{f"GS ( {letter}": _counted for letter in "ACDEHKLMNPQVk"},
}  # fmt: skip

_CODES = {
    "DLE": DLE, "ESC": ESC, "FS": FS, "GS": GS, "EOT": 4, "ENQ": 5, "DC4": 20,
    "SP": 32,
}  # fmt: skip


def _code(name: str) -> bytes:
    return bytes(_CODES.get(part) or ord(part) for part in name.split(" "))


_LENGTHS: dict[bytes, Length] = {_code(name): length for name, length in _TABLE.items()}
_NAMES = {_code(name): name for name in _TABLE}
_BEGINNINGS = {name[:2] for name in _NAMES if len(name) == 3}
