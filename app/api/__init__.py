"""The contract with the outside: JSON under ``/api/v1`` and the live sockets."""
