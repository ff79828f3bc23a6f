"""The demo: the reference mall as sample data, its accounts, its paper printers."""

from app.demo.routes import router
from app.demo.server import Demo

__all__ = ["Demo", "router"]
