"""Print jobs on their way to network printers: one worker a printer."""
