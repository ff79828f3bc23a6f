"""What callers are shown: one module for each kind of view."""
