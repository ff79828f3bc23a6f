"""Make ``mall.yaml`` from the list of services and our own ``choices.yaml``.

``python -m app.demo.build_mall mpp-jambi-services.csv`` writes the file anew.
The list has one row per service: ``agency_code, agency_name, service_name_id,
service_name_en, typical_minutes, source``.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
HEADER = """\
# Data contoh, bukan daftar resmi MPP Kota Jambi.
# Sample data, not the official list of the mall: see README.md beside this file.
# Made by build_mall.py from mpp-jambi-services.csv and choices.yaml; change those.

"""
Row = dict[str, str]


def main() -> None:
    """Write ``mall.yaml`` from the CSV file named on the command line."""
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as file:
        text = mall_text(list(csv.DictReader(file)))
    (HERE / "mall.yaml").write_text(text, encoding="utf-8")


def mall_text(rows: list[Row]) -> str:
    """Return the import file for the rows of the list."""
    choices = yaml.safe_load((HERE / "choices.yaml").read_text(encoding="utf-8"))
    return HEADER + yaml.dump(
        build_mall(rows, choices),
        Dumper=_Indented,
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )


def build_mall(rows: list[Row], choices: dict[str, Any]) -> dict[str, Any]:
    """Return the import file's content; raise ValueError where the two disagree."""
    codes = list(dict.fromkeys(row["agency_code"] for row in rows))
    if set(codes) != set(choices["agencies"]):
        differ = sorted(set(codes) ^ set(choices["agencies"]))
        raise ValueError(f"Only the list or only the choices name {differ}.")
    practice = choices["practice"]
    return {
        "site": choices["site"],
        "sound_spaces": choices["sound_spaces"],
        "zones": [*choices["zones"], practice["zone"]],
        "displays": choices["displays"],
        "printers": choices["printers"],
        "kiosks": choices["kiosks"],
        "counters": [*_counters(choices["counters"]), *practice["counters"]],
        "agencies": [
            *(
                _agency([row for row in rows if row["agency_code"] == code], choices)
                for code in codes
            ),
            practice["agency"],
        ],
    }


def _agency(rows: list[Row], choices: dict[str, Any]) -> dict[str, Any]:
    code = rows[0]["agency_code"]
    ours = choices["agencies"][code]
    code_of = {name: service for service, name in ours["services"].items()}
    if sorted(code_of) != sorted(row["service_name_id"] for row in rows):
        raise ValueError(f"The services of {code} differ between list and choices.")
    roll = choices["spare_rolls"].get(code)
    return {
        "code": code,
        "name": rows[0]["agency_name"],
        "name_en": ours["name_en"],
        "short_name": ours["short_name"],
        "symbol": ours["symbol"],
        "prefix": ours["prefix"],
        **({"spare_roll": roll} if roll else {}),
        "services": [
            _service(row, code_of[row["service_name_id"]], choices["quotas"])
            for row in rows
        ],
    }


def _service(row: Row, code: str, quotas: dict[str, Any]) -> dict[str, Any]:
    quota = quotas.get(f"{row['agency_code']}/{code}")
    return {
        "code": code,
        "name": row["service_name_id"],
        "name_en": row["service_name_en"],
        "typical_minutes": int(row["typical_minutes"]),
        **({"quotas": quota} if quota else {}),
    }


def _counters(zones: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    counters = [(zone, served) for zone in zones for served in zones[zone]]
    for number, (zone, served) in enumerate(counters, start=1):
        yield {
            "code": f"L{number:02d}",
            "name": f"Loket {number}",
            "zone": zone,
            "services": served.split(),
        }


class _Indented(yaml.SafeDumper):
    """Indents lists under their field, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent a list also inside a group of fields."""
        del indentless  # PyYAML asks for lists without it
        super().increase_indent(flow)


if __name__ == "__main__":
    main()
