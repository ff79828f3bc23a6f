"""Surface: one visitor's ticket, on a phone."""

from app.visitor.routes import router

__all__ = ["router"]
