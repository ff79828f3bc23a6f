"""Facts: the names of what a command may change and a view may show.

A command touches those that it changed (``Change.touch``); after the commit every
view that depends on one of them is shown anew (changes.md). They are made
here alone, and a test fails where one is touched that nothing watches.
"""

from typing import NewType

Fact = NewType("Fact", str)

SITE = Fact("site")
"""The mall as an import says it: names, hours, counters' services, spare rolls."""
CLOSURES = Fact("closures")
"""What is closed by hand, and until when."""
QUIET = Fact("quiet")
"""In which sound spaces somebody wants quiet, and until when."""
COUNTERS = Fact("counters")
"""Which counters are open, paused or closed."""
CREDENTIALS = Fact("credentials")
"""Who holds a good sign-in or device token."""

PRINTERS = Fact("printers")
"""How the printers stand, and which slips did not come out."""

_PRINTER = "printer:"


def agency(agency_id: int) -> Fact:
    """Name an agency's lines."""
    return Fact(f"agency:{agency_id}")


def service(service_id: int) -> Fact:
    """Name a service's line."""
    return Fact(f"service:{service_id}")


def counter(counter_id: int) -> Fact:
    """Name a counter: its state, its holder, whom it serves. Also its topic's name."""
    return Fact(f"counter:{counter_id}")


def zone(zone_id: int) -> Fact:
    """Name a zone: the calls that its displays show and announce."""
    return Fact(f"zone:{zone_id}")


def sound_space(space_id: int) -> Fact:
    """Name a sound space: who speaks there, what is spoken, and whether it is quiet."""
    return Fact(f"sound-space:{space_id}")


def ticket(ticket_id: int) -> Fact:
    """Name a ticket: its entries and its slip."""
    return Fact(f"ticket:{ticket_id}")


def printer(printer_id: int) -> Fact:
    """Name a printer's queue of slips."""
    return Fact(f"{_PRINTER}{printer_id}")


def printer_id_of(fact: Fact) -> int | None:
    """Return the printer whose queue a fact names; None for any other fact."""
    return int(fact.removeprefix(_PRINTER)) if fact.startswith(_PRINTER) else None
