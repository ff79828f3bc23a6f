"""Opus files put one behind the other, packet by packet: nothing is encoded again.

Ogg (RFC 3533) and its mapping for Opus (RFC 7845). Each sentence ends in silence, so
that the decoder, which goes on as if it were one stream, has nothing to carry over.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

_HEADER = struct.Struct("<4sBBqIIIB")
_BEGINS, _ENDS = 2, 4
_PACKETS_A_PAGE = 50
"""A second of audio, and never more than the 255 segments of a page: each packet is
below 1,275 bytes, five segments."""
_SERIAL = 0x416E7472
_SILK_MS = (10, 20, 40, 60)
_HYBRID_MS = (10, 20)
_CELT_MS = (2.5, 5, 10, 20)
SAMPLES_A_MS = 48
"""In Ogg, Opus always counts 48,000 samples a second."""
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class NotOpus(ValueError):
    """A file is not Opus in Ogg, or not whole."""


class _Stream(NamedTuple):
    """A file's two heads, and its packets of audio."""

    head: bytes
    tags: bytes
    packets: Sequence[bytes]


def joined(files: Sequence[bytes]) -> bytes:
    """Return one Opus file of several, which hold one channel each.

    Raises ``NotOpus`` for anything else.
    """
    streams = [_stream(file) for file in files]
    packets = [packet for stream in streams for packet in stream.packets]
    first = streams[0]
    pages = [_page([first.head], 0, 0, _BEGINS), _page([first.tags], 0, 1, 0)]
    position = 0
    for start in range(0, len(packets), _PACKETS_A_PAGE):
        part = packets[start : start + _PACKETS_A_PAGE]
        position += sum(map(_samples, part))
        is_last = start + _PACKETS_A_PAGE >= len(packets)
        pages.append(_page(part, position, len(pages), _ENDS if is_last else 0))
    return b"".join(pages)


def seconds(file: bytes) -> float:
    """Return how long an Opus file plays; ``NotOpus`` if it is none."""
    samples = sum(map(_samples, _stream(file).packets))
    return samples / SAMPLES_A_MS / 1000


def _stream(file: bytes) -> _Stream:
    try:
        head, tags, *packets = _packets(file)
    except (struct.error, ValueError, IndexError) as error:
        raise NotOpus(str(error)) from error
    if not head.startswith(b"OpusHead") or not packets:
        raise NotOpus("no Opus in it")
    return _Stream(head, tags, packets)


def _packets(file: bytes) -> Iterator[bytes]:
    position, packet = 0, b""
    while position < len(file):
        sign, *_, count = _HEADER.unpack_from(file, position)
        if sign != b"OggS":
            raise NotOpus("no page of Ogg")
        lengths = file[position + _HEADER.size : position + _HEADER.size + count]
        position += _HEADER.size + count
        for length in lengths:
            packet += file[position : position + length]
            position += length
            if length < 255:
                yield packet
                packet = b""
    if position != len(file) or packet:
        raise NotOpus("cut off")


def _page(packets: Sequence[bytes], position: int, number: int, flags: int) -> bytes:
    lengths = bytearray()
    for packet in packets:
        lengths += b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
    fields = (b"OggS", 0, flags, position, _SERIAL, number)
    content = bytes(lengths) + b"".join(packets)
    without_sum = _HEADER.pack(*fields, 0, len(lengths)) + content
    return _HEADER.pack(*fields, _checksum(without_sum), len(lengths)) + content


def _checksum(page: bytes) -> int:
    """Return Ogg's CRC: zlib's with its bits the other way round, begun at 0."""
    reflected = crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{reflected:032b}"[::-1], 2)


def _samples(packet: bytes) -> int:
    """Return how many samples a packet holds, by its first byte (RFC 6716, 3.1)."""
    kind, code = packet[0] >> 3, packet[0] & 3
    if kind < 12:
        milliseconds: float = _SILK_MS[kind % 4]
    elif kind < 16:
        milliseconds = _HYBRID_MS[kind % 2]
    else:
        milliseconds = _CELT_MS[kind % 4]
    frames = packet[1] & 63 if code == 3 else (1, 2, 2)[code]
    return int(milliseconds * SAMPLES_A_MS) * frames
