"""What the demo says in the terminal: what is served, where, and for whom."""

from app.demo.accounts import DemoFile

NOT_REACHABLE = """\
  No network address of this machine was found: the QR codes on the tickets open
  on this machine alone. Give the address with --public-url http://HOST:PORT.
"""


def greet(
    accounts: DemoFile, *, sample_printer: bool, public_url: str, is_reachable: bool
) -> None:
    """Print addresses and accounts, and whether a phone can open a QR code."""
    url = accounts.url
    officer = accounts.officers[0]
    lines = [
        "",
        "  Antrean demo — data contoh (sample data)",
        "",
        f"  Start here       {url}/",
        f"  Kiosk            {url}/kiosk",
        f"  Display          {url}/display",
        f"  Counter          {url}/counter",
        f"  Administration   {url}/admin",
        f"  Manual           {url}/help",
    ]
    if sample_printer:
        lines.append(f"  Slips (paper)    {url}/demo/printers")
    if public_url != url:
        lines.append(f"  QR codes lead to {public_url}/")
    lines += [
        "",
        f"  Every password   {officer.password}",
        f"  Officers         {officer.username} … {accounts.officers[-1].username}"
        " (one for each counter)",
        f"  Supervisors      {accounts.supervisors[0].username} …"
        f" {accounts.supervisors[-1].username} (one for each agency)",
        f"  Reception        {accounts.reception.username}",
        f"  Admin            {accounts.admin.username}",
        "",
        *([] if is_reachable else [NOT_REACHABLE]),
        "  Stop with Ctrl-C.",
        "",
    ]
    print("\n".join(lines), flush=True)
