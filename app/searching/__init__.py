"""Finding a service by everyday words, however spelled (``app/docs/search.md``)."""

from app.searching.search import LONGEST_QUERY, Found, Language, Search

__all__ = ["LONGEST_QUERY", "Found", "Language", "Search"]
