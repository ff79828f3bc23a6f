"""The printers that this server drives itself."""

from printer.address import PrinterAddress
from printer.driven_printer import DrivenPrinter


class DrivenPrinters:
    """Remembers each printer from one slip to the next, by its address."""

    def __init__(self) -> None:
        self._by_address: dict[PrinterAddress, DrivenPrinter] = {}

    def at(self, address: PrinterAddress) -> DrivenPrinter:
        """Return the printer at an address; the same one each time."""
        return self._by_address.setdefault(address, DrivenPrinter(address))
