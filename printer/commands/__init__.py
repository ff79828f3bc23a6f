"""The commands of a PC that has a printer: agent, doctor, preview, emulator."""
