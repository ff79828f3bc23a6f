"""Ways to a printer: network, USB, serial line, device file."""
