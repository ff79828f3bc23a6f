"""Faults by name, as a person breaks an emulated printer and mends it."""

from collections.abc import Mapping
from dataclasses import dataclass

from printer.emulator.faults import Faults

SLOW_REPLY_SECONDS = 0.5
"""With some ten replies a slip, it takes about five seconds and still comes out."""
DIES_AFTER_BYTES = 300
"""In the middle of a usual slip."""


@dataclass(frozen=True, slots=True)
class Switch:
    """How one fault is set in an emulator, and how taken away.

    With `is_amount` another value than `on` may be asked for: seconds where it
    is a float, else bytes.
    """

    field: str
    on: bool | float = True
    off: bool | float | None = False

    @property
    def is_amount(self) -> bool:
        """Whether it is a matter of how much."""
        return not isinstance(self.on, bool)

    def value_for(self, amount: float | None) -> bool | float:
        """Return what its field becomes; bytes are whole."""
        if amount is None or isinstance(self.on, bool):
            return self.on
        return int(amount) if isinstance(self.on, int) else amount


SWITCHES: Mapping[str, Switch] = {
    "paper": Switch("paper_end"),
    "near-end": Switch("near_end"),
    "cover": Switch("cover_open"),
    "cutter": Switch("cutter_error"),
    "jams": Switch("cutter_jams"),
    "offline": Switch("offline"),
    "silent": Switch("silent"),
    "slow": Switch("seconds_per_reply", SLOW_REPLY_SECONDS, 0.0),
    "garbage": Switch("garbage"),
    "stray": Switch("stray_with_reply"),
    "no-turn": Switch("answers_gs_r", on=False, off=True),
    "refuses": Switch("refuse"),
    "dies": Switch("dies_after", DIES_AFTER_BYTES, None),
    "hangs-up": Switch("close_after", DIES_AFTER_BYTES, None),
    "runs-out": Switch("paper_ends_after", DIES_AFTER_BYTES, None),
    "opens": Switch("cover_opens_after", DIES_AFTER_BYTES, None),
    "deaf": Switch("deaf_while_printing"),
    "in-turn": Switch("status_after_printing"),
}


def is_on(faults: Faults, name: str) -> bool:
    """Tell whether the printer has this fault now."""
    switch = SWITCHES[name]
    return bool(getattr(faults, switch.field) != switch.off)


def set_fault(
    faults: Faults, name: str, *, on: bool, amount: float | None = None
) -> None:
    """Break the printer in one way, or mend that."""
    switch = SWITCHES[name]
    setattr(faults, switch.field, switch.value_for(amount) if on else switch.off)


def read_fault(text: str) -> tuple[str, float | None]:
    """Read `cover` or `dies=300`; ValueError with a sentence on anything else."""
    name, _, amount = text.partition("=")
    switch = SWITCHES.get(name)
    if switch is None:
        names = ", ".join(SWITCHES)
        raise ValueError(f"No fault is called {name!r}; there are {names}.")
    if not amount:
        return name, None
    if not switch.is_amount:
        raise ValueError(f"The fault {name!r} takes no amount.")
    return name, _positive(amount)


def _positive(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 < amount < 1e6:
        raise ValueError(f"{text!r} is no amount from 0 to a million.")
    return amount
