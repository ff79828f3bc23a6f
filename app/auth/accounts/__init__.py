"""Accounts of staff: made, changed, suspended, and their passwords."""
