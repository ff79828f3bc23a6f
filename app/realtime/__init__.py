"""Live views: a snapshot at once, then the newest after changes (design §4)."""

from app.realtime.hub import Hub
from app.realtime.view import LiveView, Painted

__all__ = ["Hub", "LiveView", "Painted"]
