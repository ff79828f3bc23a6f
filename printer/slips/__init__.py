"""From a slip's plain data to the bytes that print it."""
