"""THE RULES: states, ranking, numbering, availability, actions.

Plain functions over a connection; nothing here knows of HTTP, sockets or screens.
"""
