"""The officer's console in a real browser."""
