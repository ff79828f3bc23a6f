"""Lines: numbers, ranks, and which entry of a ticket a command means."""
