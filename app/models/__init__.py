"""What the database keeps (glossary.md); the rules live in app.queueing."""

from sqlmodel import SQLModel

from app.models.devices import (
    Device,
    DeviceToken,
    DisplayZone,
    Pairing,
    Printer,
    PrintJob,
)
from app.models.mall import (
    Agency,
    Closure,
    Counter,
    CounterService,
    Holiday,
    OpeningHours,
    Quota,
    QuotaUse,
    Series,
    Service,
    Site,
    SoundSpace,
    SpecialHours,
    Zone,
)
from app.models.staff import Audit, KnownBrowser, Staff, StaffAgency, StaffSession
from app.models.states import (
    ACTIVE,
    ENDED,
    CounterState,
    EntryState,
    Priority,
    Role,
)
from app.models.tickets import (
    Announcement,
    DisplayReceipt,
    Entry,
    HandoverNote,
    LedgerState,
    RequestRecord,
    Ticket,
    TicketEvent,
    TicketPrivate,
    VoiceReceipt,
)

# complete only here: SQLModel knows a table when its module has been imported
metadata = SQLModel.metadata

__all__ = [
    "ACTIVE",
    "ENDED",
    "Agency",
    "Announcement",
    "Audit",
    "Closure",
    "Counter",
    "CounterService",
    "CounterState",
    "Device",
    "DeviceToken",
    "DisplayReceipt",
    "DisplayZone",
    "Entry",
    "EntryState",
    "HandoverNote",
    "Holiday",
    "KnownBrowser",
    "LedgerState",
    "OpeningHours",
    "Pairing",
    "PrintJob",
    "Printer",
    "Priority",
    "Quota",
    "QuotaUse",
    "RequestRecord",
    "Role",
    "Series",
    "Service",
    "Site",
    "SoundSpace",
    "SpecialHours",
    "Staff",
    "StaffAgency",
    "StaffSession",
    "Ticket",
    "TicketEvent",
    "TicketPrivate",
    "VoiceReceipt",
    "Zone",
    "metadata",
]
