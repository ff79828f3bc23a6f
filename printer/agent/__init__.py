"""The process beside a USB or serial printer: takes slips from the server.

What travels is in app/docs/decisions/0012-print-agent.md of the source tree.
Besides the standard library it needs the package websockets.
"""
