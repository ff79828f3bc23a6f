"""The hall: what is announced and spoken."""
