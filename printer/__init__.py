"""Slips for ticket printers: bytes, transports, status. Installs alone.

Nothing here imports the server, so that the same code drives a network
printer from the server and a USB printer from a kiosk PC.
"""
