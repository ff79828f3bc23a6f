"""Every link between the manual's pages leads to a page and a heading of it."""

from pathlib import Path

import pytest

from app.web.manual.pages import DOCS, ENGINEERS
from tests.docs.pages import ROOT, anchors, links, pages


def dead_ends(page: Path, targets: list[str]) -> list[str]:
    """Return the links that lead to no page, file or heading."""
    dead = []
    for target in targets:
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        to = (page.parent / path).resolve() if path else page
        is_dead = not to.exists() or (anchor and anchor not in anchors(to))
        if is_dead:
            dead.append(target)
    return dead


@pytest.mark.parametrize(
    "page", pages(), ids=lambda page: f"{page.parent.name}/{page.stem}"
)
def test_no_link_of_a_page_is_dead(page: Path) -> None:
    assert dead_ends(page, links(page)) == []


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_no_link_into_the_manual_is_dead(name: str) -> None:
    assert dead_ends(ROOT / name, links(ROOT / name)) == []


@pytest.mark.parametrize(
    "target",
    [
        "nothing.md",
        "rules.md#nothing",
        "#nothing",
        "../decisions/rules.md",
        "../rules.md",
    ],
)
def test_a_dead_link_is_found(target: str) -> None:
    assert dead_ends(DOCS / ENGINEERS / "index.md", [target]) == [target]
