"""Live sockets: the topics that a screen may watch, and the print agent's."""
