"""An ESC/POS printer without paper, for the demo and for tests.

It reads the bytes by its own rules and shares nothing with the code that
writes slips, so that the one can judge the other.
"""

from printer.emulator.faults import Faults
from printer.emulator.printed_slip import PrintedSlip
from printer.emulator.server import PrinterEmulator

__all__ = ["Faults", "PrintedSlip", "PrinterEmulator"]
