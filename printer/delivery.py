"""Bring one slip to one printer and say truthfully what became of it."""

from dataclasses import dataclass
from typing import Literal

from printer.address import PrinterAddress
from printer.conversation import Conversation, known
from printer.link import Channel, Deadlines, LinkFailure
from printer.status import PrinterStatus
from printer.transports import open_channel

DeliveryState = Literal["printed", "sent", "failed", "unknown"]

DEADLINES = Deadlines()

DOUBTS = frozenset(
    ("unreachable", "no-answer", "stalled", "connection-lost", "garbled")
)
"""Reasons that are not the printer's own word."""
REASONS = DOUBTS | {"cover-open", "paper-end", "cutter", "error", "offline"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The end of one attempt.

    `printed`: the printer was well after the last byte. `sent`: it cannot
    tell, and this is final. `failed`: nothing was sent. `unknown`: something
    may have come out; a person decides. `nothing_printed` means that a retry
    cannot give a second slip. `status` is the last one heard, if any; `cause` says
    more about `unreachable` (`printer.link.CAUSES`).
    """

    state: DeliveryState
    reason: str | None = None
    nothing_printed: bool = False
    status: PrinterStatus | None = None
    cause: str | None = None


async def deliver(
    data: bytes, printer: PrinterAddress, *, deadlines: Deadlines = DEADLINES
) -> Delivery:
    """Send one slip; never says `printed` without the printer's own word.

    One at a time for each printer: the caller sees to that, as most printers
    take one connection at a time.
    """
    try:
        channel = await _opened(printer, deadlines)
    except LinkFailure as failure:
        return _failed(failure.reason, cause=failure.cause)
    async with Conversation(channel, deadlines, printer) as talk:
        if not (printer.reports_status and talk.can_answer):
            return await _send_blindly(talk, data)
        before = await _status_over(talk)
        if before.problem == "no-answer" and talk.is_left:
            before = await _filled_up(talk)
        if before.problem == "cutter":
            before = await _freed(talk)
        if before.problem:
            if before.doubt is None:
                talk.settle()
            return _failed(before.problem, before)
        return await _send_and_ask(talk, data)


async def ask_status(
    printer: PrinterAddress, *, deadlines: Deadlines = DEADLINES
) -> PrinterStatus:
    """Ask a printer how it is, printing nothing; never raises."""
    try:
        channel = await _opened(printer, deadlines)
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason, cause=failure.cause)
    async with Conversation(channel, deadlines, printer) as talk:
        if not talk.can_answer:
            return PrinterStatus(doubt="no-answer", cause="one-way")
        status = await _status_over(talk)
        if status.doubt is None:
            talk.settle()
        return status


async def _opened(printer: PrinterAddress, deadlines: Deadlines) -> Channel:
    try:
        return await open_channel(printer, deadlines)
    except LinkFailure:
        known[printer].tells = None  # another model may stand there when it is back
        raise


async def _send_blindly(talk: Conversation, data: bytes) -> Delivery:
    try:
        await talk.send(data)
        await talk.close()
    except LinkFailure as failure:
        return Delivery(state="unknown", reason=failure.reason)
    return Delivery(state="sent")


async def _send_and_ask(talk: Conversation, data: bytes) -> Delivery:
    try:
        can_tell = await talk.can_tell_when_done()
    except LinkFailure as failure:
        return _failed(failure.reason)
    try:
        if not can_tell:
            await talk.send(data)
            await talk.settle_down(len(data))
            return await _end_of(talk)
        wait = await talk.send_and_wait(data)
    except LinkFailure as failure:
        return Delivery(state="unknown", reason=failure.reason)
    if wait.stopped:
        return _unknown(wait.stopped)
    return await _end_of(talk, is_done=wait.is_done)


async def _end_of(talk: Conversation, *, is_done: bool = True) -> Delivery:
    """Ask how the printer is after a slip: that decides what became of it."""
    after = await _status_over(talk)
    if after.problem:
        return _unknown(after)
    if not is_done:
        return Delivery(state="unknown", reason="no-answer", status=after)
    talk.settle()
    return Delivery(state="printed", status=after)


async def _freed(talk: Conversation) -> PrinterStatus:
    """Try once to free the knife, before anything of a slip was sent."""
    try:
        return await talk.clear_error()
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason)


async def _filled_up(talk: Conversation) -> PrinterStatus:
    """Ask once more: the rest of a picture may have swallowed the questions."""
    try:
        await talk.fill_up()
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason)
    return await _status_over(talk)


async def _status_over(talk: Conversation) -> PrinterStatus:
    try:
        return await talk.ask_status()
    except LinkFailure as failure:
        return PrinterStatus(doubt=failure.reason)


def _unknown(status: PrinterStatus) -> Delivery:
    return Delivery(state="unknown", reason=status.problem, status=status)


def _failed(
    reason: str, status: PrinterStatus | None = None, *, cause: str | None = None
) -> Delivery:
    return Delivery(
        state="failed",
        reason=reason,
        nothing_printed=True,
        status=status,
        cause=cause,
    )
