"""Live views: a snapshot at once, then the newest after changes (contract.md#live)."""

from app.realtime.hub import Hub
from app.realtime.view import LiveView, LoneView, Renderer, Rendering

__all__ = ["Hub", "LiveView", "LoneView", "Renderer", "Rendering"]
