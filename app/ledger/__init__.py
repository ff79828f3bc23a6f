"""The ledger: runs commands one after the other, durable before answered."""

from app.ledger.attendant import Attendant
from app.ledger.command import Answer, RequestKey
from app.ledger.ledger import Ledger, Publish

__all__ = ["Answer", "Attendant", "Ledger", "Publish", "RequestKey"]
