"""The commands of ``./antrean``: one module for each, and what they share."""
