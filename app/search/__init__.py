"""Finding a service by everyday words, however spelled (search.md)."""

from app.search.search import MAX_QUERY_CHARACTERS, Language, Search, SearchResult

__all__ = ["MAX_QUERY_CHARACTERS", "Language", "Search", "SearchResult"]
