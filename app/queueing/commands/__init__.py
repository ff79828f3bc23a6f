"""What may be done to a ticket, a line or a counter: one function for each command."""
