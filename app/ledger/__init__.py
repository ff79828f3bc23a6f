"""The ledger: runs commands one after the other, durable before answered."""

from app.ledger.command import Answer, PresentState, RequestKey, Run
from app.ledger.ledger import Ledger, Publish
from app.ledger.night_work import NightWork, check_database
from app.ledger.timekeeper import Timekeeper

__all__ = [
    "Answer",
    "Ledger",
    "NightWork",
    "PresentState",
    "Publish",
    "RequestKey",
    "Run",
    "Timekeeper",
    "check_database",
]
