"""The process beside a USB or serial printer: takes slips from the server.

What travels is in decision 0012 (app/docs of the source tree).
Besides the standard library it needs the package websockets.
"""
