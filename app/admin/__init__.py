"""The administration: devices, what is open, printers."""

from app.admin.routes import router

__all__ = ["router"]
