"""Finding a service by everyday words, however spelled (``app/docs/search.md``)."""

from app.searching.search import Found, Language, Search

__all__ = ["Found", "Language", "Search"]
