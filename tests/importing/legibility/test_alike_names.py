"""The import warns of things of one kind whose names read alike."""

import pytest

from app.importing import read_mall, read_mall_file
from app.importing.legibility.alike_names import names_alike
from app.web.folders import ROOT
from tests.support.mall import SMALL_MALL

IN_SERVICES = "agencies.DKC.services"


def test_a_mall_with_usual_names_is_warned_of_nothing() -> None:
    assert list(names_alike(read_mall(SMALL_MALL))) == []
    assert list(names_alike(read_mall_file(ROOT / "app/demo/mall.yaml"))) == []


@pytest.mark.parametrize(
    ("old", "new", "where", "other"),
    [
        ("Zona B", "ZONA A", "zones.B.name", "zones.A.name"),
        ("Zona B", "Zona\N{NO-BREAK SPACE}A", "zones.B.name", "zones.A.name"),
        (
            "name: Imigrasi\n",
            "name: Dinas  Kependudukan\n",
            "agencies.IMI.name",
            "agencies.DKC.name",
        ),
        (
            "short_name: Imigrasi",
            "short_name: DUKCAPIL",
            "agencies.IMI.short_name",
            "agencies.DKC.short_name",
        ),
        (
            "name: KTP-el",
            "name: AKTA kelahiran",
            f"{IN_SERVICES}.KTP.name",
            f"{IN_SERVICES}.AKTA.name",
        ),
        ("Layar A,", "layar aula,", "displays.LAYAR-A.name", "displays.AULA.name"),
        ("Kios 2", "KIOS 1", "kiosks.K2.name", "kiosks.K1.name"),
        ("Printer 2", "printer 1", "printers.P2.name", "printers.P1.name"),
    ],
)
def test_what_reads_like_an_earlier_one_is_named_with_that(
    old: str, new: str, where: str, other: str
) -> None:
    mall = read_mall(SMALL_MALL.replace(old, new, 1))

    (warning,) = names_alike(mall)

    assert warning.path == where
    assert warning.reason.endswith(f" reads like {other}.")


def test_services_of_two_agencies_may_have_one_name() -> None:
    mall = read_mall(SMALL_MALL.replace("name: Paspor,", "name: Akta kelahiran,"))

    assert list(names_alike(mall)) == []


def test_what_is_retired_may_have_the_name_of_what_follows_it() -> None:
    text = SMALL_MALL.replace("name: KTP-el,", "name: Akta kelahiran,")
    text = text.replace(
        "typical_minutes: 10}", "typical_minutes: 10, retired: 2030-01-01}"
    )

    assert list(names_alike(read_mall(text))) == []
