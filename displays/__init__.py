"""Surface: what everybody in the hall sees and hears."""

from displays.routes import router

__all__ = ["router"]
