"""Antrean: the queue of a public-service mall."""

__version__ = "0.1.0"
