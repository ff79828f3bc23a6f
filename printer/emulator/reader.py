"""Read ESC/POS bytes as a printer does, into the items on its paper."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from printer.emulator.commands import Command, CommandReader
from printer.emulator.items import (
    AFTER_RESET,
    Content,
    Cut,
    Feed,
    Item,
    QrCode,
    Raster,
    Run,
    Style,
    TextLine,
)

# ESC t n, as Epson numbers them; Python's own codecs do the decoding.
_CODE_PAGES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857",
    14: "cp737", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 33: "cp775",
    34: "cp855", 35: "cp861", 36: "cp862", 37: "cp864", 38: "cp869", 45: "cp1250",
    46: "cp1251", 47: "cp1253", 48: "cp1254", 49: "cp1255", 50: "cp1256",
}  # fmt: skip
_INVISIBLE_COMMANDS = frozenset(
    ("GS a", "GS r", "ESC =", "ESC c", "FS .", "CR", "DLE EOT", "DLE ENQ")
)
_MODE_BOLD, _MODE_TALL, _MODE_WIDE, _MODE_UNDERLINE = 0x08, 0x10, 0x20, 0x80
_QR_MODEL, _QR_MODULE, _QR_LEVEL = b"1A", b"1C", b"1E"  # cn fn of GS ( k
_STORE_QR, _PRINT_QR = b"1P", b"1Q"
_MAX_QR_BYTES = 1200  # bytes that fit at every level of error correction


def read_content(data: bytes, style: Style = AFTER_RESET) -> Content:
    """Read bytes as a printer does that is left in the given style."""
    reader = _Reader(Content(style=style))
    stream = CommandReader()
    for command in stream.feed(data):
        reader.execute(command)
    return reader.end(stream.rest)


class _Reader:
    """Obeys commands one by one, keeping the line under the head and the style."""

    def __init__(self, content: Content) -> None:
        self._content, self._line = content, list[Run]()
        self._actions: dict[str, Callable[[bytes], None]] = {
            "text": self._text, "LF": self._end_line, "ESC @": self._reset,
            "ESC J": self._feed_dots, "ESC d": self._feed_lines,
            "GS V": self._cut, "ESC i": self._full_cut, "ESC m": self._partial_cut,
            "GS v 0": self._raster, "GS ( k": self._symbol, "ESC t": self._code_page,
            "ESC !": self._mode, "GS !": self._size,
        }  # fmt: skip

    def execute(self, command: Command) -> None:
        action = self._actions.get(command.name)
        if action:
            action(command.parameters)
        elif command.name in _STYLES:
            change = _STYLES[command.name](command.parameters)
            self._style = replace(self._style, **change)
        elif command.name not in _INVISIBLE_COMMANDS:
            self._content.unknown.append(command.raw)

    def end(self, rest: bytes) -> Content:
        """Finish: a line without its LF stays in the printer, unprinted."""
        if rest:
            self._content.unknown.append(rest)
        return self._content

    @property
    def _style(self) -> Style:
        return self._content.style

    @_style.setter
    def _style(self, style: Style) -> None:
        self._content.style = style

    def _put(self, item: Item) -> None:
        self._content.items.append(item)

    def _text(self, data: bytes) -> None:
        codec = _CODE_PAGES[self._style.code_page]
        self._line.append(Run(data.decode(codec, "replace"), self._style))

    def _end_line(self, _: bytes = b"") -> None:
        self._put(TextLine(tuple(self._line), self._style.spacing))
        self._line.clear()

    def _flush(self) -> None:
        if self._line:
            self._end_line()

    def _reset(self, _: bytes) -> None:
        self._line.clear()
        self._style = AFTER_RESET

    def _feed_dots(self, data: bytes) -> None:
        self._flush()
        self._put(Feed(data[0]))

    def _feed_lines(self, data: bytes) -> None:
        self._flush()
        self._put(Feed(data[0] * self._style.spacing))

    def _cut(self, data: bytes) -> None:
        self._flush()
        self._put(Cut(partial=data[0] in (1, 49, 66)))

    def _full_cut(self, _: bytes) -> None:
        self._cut(b"\x00")

    def _partial_cut(self, _: bytes) -> None:
        self._cut(b"\x01")

    def _code_page(self, data: bytes) -> None:
        if data[0] in _CODE_PAGES:
            self._style = replace(self._style, code_page=data[0])
        else:
            self._content.unknown.append(b"\x1bt" + data)

    def _mode(self, data: bytes) -> None:
        bits = data[0]
        self._style = replace(
            self._style,
            bold=bool(bits & _MODE_BOLD),
            underline=bool(bits & _MODE_UNDERLINE),
            height=2 if bits & _MODE_TALL else 1,
            width=2 if bits & _MODE_WIDE else 1,
        )

    def _size(self, data: bytes) -> None:
        width, height = (data[0] >> 4) + 1, (data[0] & 0x0F) + 1
        if max(width, height) > 8:
            self._content.unknown.append(b"\x1d!" + data)
            return
        self._style = replace(self._style, width=width, height=height)

    def _raster(self, data: bytes) -> None:
        self._flush()
        scale = (1 + (data[0] & 1), 1 + (data[0] >> 1 & 1))
        across = int.from_bytes(data[1:3], "little")
        if not data[5:]:
            self._content.unknown.append(b"\x1dv0" + data)
            return
        self._put(Raster(across, data[5:], self._style, scale))

    def _symbol(self, data: bytes) -> None:
        """Do `GS ( k`: parameters are pL pH cn fn and what belongs to fn."""
        function, rest = data[2:4], data[4:]
        if function == _PRINT_QR and self._style.qr_content:
            self._flush()
            text = self._style.qr_content.decode("utf-8", "replace")
            self._put(QrCode(text, self._style))
        elif function == _STORE_QR and 1 < len(rest) <= _MAX_QR_BYTES:
            self._style = replace(self._style, qr_content=rest[1:])
        elif function == _QR_MODULE and rest and 1 <= rest[0] <= 16:
            self._style = replace(self._style, qr_module=rest[0])
        elif function == _QR_LEVEL and rest:
            self._style = replace(self._style, qr_level=rest[0])
        elif function != _QR_MODEL:
            self._content.unknown.append(b"\x1d(k" + data)


_STYLES: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "ESC a": lambda data: {"align": min(2, data[0] % 48)},
    "ESC E": lambda data: {"bold": bool(data[0] & 1)},
    "ESC G": lambda data: {"bold": bool(data[0] & 1)},
    "ESC -": lambda data: {"underline": bool(data[0] % 48)},
    "GS B": lambda data: {"inverse": bool(data[0] & 1)},
    "GS b": lambda data: {"smooth": bool(data[0] & 1)},
    "ESC 2": lambda _: {"spacing": 30},
    "ESC 3": lambda data: {"spacing": data[0]},
}
