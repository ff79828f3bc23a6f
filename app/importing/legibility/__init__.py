"""What of a mall visitors cannot read, tell apart or open: said before the import."""
