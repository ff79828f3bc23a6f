"""What the demo says in the terminal: what is served, where, and for whom."""

from app.demo.accounts import DemoFile


def greet(accounts: DemoFile, *, sample_printer: bool) -> None:
    """Print addresses and accounts."""
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
        "  Stop with Ctrl-C.",
        "",
    ]
    print("\n".join(lines), flush=True)
