"""The demo: the reference mall as sample data, its accounts, its paper printers."""

from app.demo.paper import Demo
from app.demo.routes import router

__all__ = ["Demo", "router"]
