"""Bring one slip to one printer and say truthfully what became of it."""

from dataclasses import dataclass
from typing import Literal

from printer.address import PrinterAddress
from printer.status import PrinterStatus
from printer.tcp import Deadlines, LinkFailure, TcpLink, connect

DeliveryState = Literal["printed", "sent", "failed", "unknown"]

DEADLINES = Deadlines()

REASONS = frozenset(
    (
        *("unreachable", "no-answer", "stalled", "connection-lost", "garbled"),
        *("cover-open", "paper-end", "cutter", "error", "offline"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The end of one attempt.

    `printed`: the printer was well after the last byte. `sent`: it cannot
    tell, and this is final. `failed`: nothing was sent. `unknown`: something
    may have come out; a person decides. `nothing_printed` means that a retry
    cannot give a second slip. `status` is the last one heard, if any.
    """

    state: DeliveryState
    reason: str | None = None
    nothing_printed: bool = False
    status: PrinterStatus | None = None


async def deliver(
    data: bytes, printer: PrinterAddress, *, deadlines: Deadlines = DEADLINES
) -> Delivery:
    """Send one slip; never says `printed` without the printer's own word.

    One at a time for each printer: the caller sees to that, as most printers
    take one connection at a time.
    """
    try:
        link = await connect(printer.host, printer.port, deadlines)
    except LinkFailure as failure:
        return _failed(failure.reason)
    async with link:
        if not printer.reports_status:
            return await _send_blindly(link, data)
        before = await _status_over(link)
        if before.problem:
            return _failed(before.problem, before)
        return await _send_and_ask(link, data)


async def ask_status(
    printer: PrinterAddress, *, deadlines: Deadlines = DEADLINES
) -> PrinterStatus:
    """Ask a printer how it is, printing nothing; never raises."""
    try:
        link = await connect(printer.host, printer.port, deadlines)
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason)
    async with link:
        return await _status_over(link)


async def _send_blindly(link: TcpLink, data: bytes) -> Delivery:
    try:
        await link.send(data)
        await link.close()
    except LinkFailure as failure:
        return Delivery(state="unknown", reason=failure.reason)
    return Delivery(state="sent")


async def _send_and_ask(link: TcpLink, data: bytes) -> Delivery:
    try:
        can_tell = await link.can_tell_when_done()
    except LinkFailure as failure:
        return _failed(failure.reason)
    try:
        await link.send(data)
        is_done = await link.wait_until_done(can_tell=can_tell)
    except LinkFailure as failure:
        return Delivery(state="unknown", reason=failure.reason)
    after = await _status_over(link)
    if after.problem:
        return Delivery(state="unknown", reason=after.problem, status=after)
    if not is_done:
        return Delivery(state="unknown", reason="no-answer", status=after)
    return Delivery(state="printed", status=after)


async def _status_over(link: TcpLink) -> PrinterStatus:
    try:
        return await link.ask_status()
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason)


def _failed(reason: str, status: PrinterStatus | None = None) -> Delivery:
    return Delivery(state="failed", reason=reason, nothing_printed=True, status=status)
