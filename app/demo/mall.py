"""The demo's mall: the reference site's agencies and services, as sample data."""

from pathlib import Path

from app.importing import Mall, read_mall_file

MALL_FILE = Path(__file__).parent / "mall.yaml"


def demo_mall() -> Mall:
    """Return the demo mall, read and checked."""
    return read_mall_file(MALL_FILE)
