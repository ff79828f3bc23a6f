"""The printers of the site, as their rows say."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.models.states import DeviceKind
from app.queueing import rows
from printer.address import PrinterAddress, parse_address
from printer.slips.paper import PAPERS, Paper


class PrinterRow(NamedTuple):
    """A printer as its row says."""

    id: int
    name: str
    address: str
    paper: str
    reports_status: bool

    @property
    def parsed_address(self) -> PrinterAddress:
        """Return its address; raises ValueError on nonsense."""
        return parse_address(self.address, reports_status=self.reports_status)


_PRINTERS = (
    select(*(rows.printer.c[name] for name in PrinterRow._fields))
    .where(rows.printer.c.is_retired.is_(False))
    .order_by(rows.printer.c.id)
)
_PRINTER = select(*(rows.printer.c[name] for name in PrinterRow._fields)).where(
    rows.printer.c.id == bindparam("printer_id")
)
_AGENT_OF = select(rows.device.c.id).where(
    rows.device.c.kind == DeviceKind.PRINT_AGENT,
    rows.device.c.printer_id == bindparam("printer_id"),
)


def printer_rows(db: Connection) -> list[PrinterRow]:
    """Return every printer, in the order of their ids."""
    return [PrinterRow._make(row) for row in db.execute(_PRINTERS)]


def printer_row(db: Connection, printer_id: int) -> PrinterRow:
    """Return one printer, which exists."""
    return PrinterRow._make(db.execute(_PRINTER, {"printer_id": printer_id}).one())


def has_agent(db: Connection, printer_id: int) -> bool:
    """Tell whether an agent drives a printer, there or not."""
    return db.execute(_AGENT_OF, {"printer_id": printer_id}).first() is not None


def paper_of(printer: PrinterRow) -> Paper:
    """Return a printer's paper; raises KeyError for one that is not known."""
    return PAPERS[printer.paper]
