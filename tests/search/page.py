"""The manual's page of the search, with what it does not find.

``python -m tests.search.page`` writes it anew; a test fails where the page
differs from what the search gives.
"""

from collections.abc import Iterable
from pathlib import Path

from app.search.index import Index
from app.search.words import everyday_words
from tests.search.relevance import (
    Miss,
    Query,
    demo_services,
    misses,
    read_queries,
    without_aliases_like,
)

PAGE = Path(__file__).parents[2] / "app" / "docs" / "reference" / "search.md"
_TEXT = """\
# Search

Visitors name what they come for in their own words and spelling: *ktp ilang*, *akte
lahir*, *ijin usaha*, *en pe we pe*, *pajak motor*.
`GET /api/v1/search?q=…&language=…` answers with services, best first and at most 20:
`service_id`, `name` and `agency`, both in the language asked for (`id`, or `en`).
Anyone may ask. Which language the query is in does not matter, nor whether a service
is open. Nothing but signs finds nothing; more than 100 characters are refused with
422; of more than eight telling words the first eight count. Practice services are
never found. Searches are made one at a time, so that a flood of them does not slow the
hall: while 32 are under way, further ones are refused with 503 `busy`; those of staff
and kiosks never are.

## What it understands

- **Names and codes** of services and agencies, Indonesian and English, and their
  **beginnings**: three letters do. An agency's code finds that agency's services
  first; `DKC KTP-CETAK` finds that one.
- **Everyday words**: *imb*, *jamsostek*, *kartu kuning*; *ambek*, *aek*, *namo*.
- **Spelling**: *ijin* and *izin*, *akte* and *akta*, *aktifasi* and *aktivasi*; words
  with or without their beginnings and endings; one letter wrong, missing, too many or
  swapped, two in words of seven letters and more. No mistake is forgiven in two
  letters.
- **Letters as they are spoken**: *en pe we pe*, *katepe*, *k t p*.
- Words **run together** or pulled apart: *pasporbaru*, *sertifi kat*.

## The words are data

`app/search/words.yaml` holds them: letters as spoken, words that say nothing,
spelling rules, words of one meaning, and aliases. An alias does not belong to a code
of one site but to words: a service whose names, code or agency hold both *pencari*
and *kerja* is also called *kartu kuning*. So another mall finds its services without
a list of its own.

What only this mall's visitors say belongs into its [import file](import.md):
`aliases` of a service, found like those of `words.yaml` and as forgivingly spelled.
They may name anything, also in several services; the rarer the word, the surer.

The product's words are read once, at the first search after the start: restart
the server after a change.

## How it decides

All of it is in memory, read anew at the first search after the site has changed.
Every typed word is compared with the words that the mall knows: the same (1.0), the
same stem (0.9), another word for it (0.85), a beginning (0.6 to 0.9), a mistyped one
(less by each mistake). A word counts more the fewer services say it. Half of what a
service is worth is its best single phrase (a name, a code, an alias), better the more
of it was typed; the other half is every typed word wherever it matches, the agency's
words at 0.6. What is worth less than 0.25, or than 0.4 of the best, is left out.

## How well it does

"""
_FIGURES = """\
Right means: a right service is among the first three.

| Queries for the demo's mall | number | right | share |
|---|---|---|---|
{rows}

`tests/search/judged.csv` was written before the search and was not used to improve
it; `tests/search/tuning.csv` was. The first line is held at 95 % or more by a test.
It flatters: the same hand wrote the queries and, afterwards, the words, and the usual
words for an errand are in both. The third line is sterner: there every alias that is
word for word one of the queries has been taken away. The sternest is the fourth:
`tests/search/fresh.csv` was written afterwards by another hand, which knew the list of
services and had seen neither the search nor its words; nothing was changed for it,
and queries that the others hold too are left out of it.
Only what visitors really type, once a mall is in use, can settle it.

## What it misses

Of the judged and the fresh queries, made by `python -m tests.search.page` and checked
by a test:

"""


def search_page() -> str:
    """Return the page, as Markdown."""
    judged, tuning = read_queries("judged"), read_queries("tuning")
    services, words = demo_services(), everyday_words()
    index = Index(services, words)
    sterner = Index(services, without_aliases_like(words, judged))
    missed = misses(index.find, judged)
    fresh = read_queries("fresh")
    missed_fresh = misses(index.find, fresh)
    rows = [
        _share("judged", judged, missed),
        _share("tuning", tuning, misses(index.find, tuning)),
        _share(
            "judged, without aliases like them", judged, misses(sterner.find, judged)
        ),
        _share("fresh, by another hand", fresh, missed_fresh),
    ]
    return (
        _TEXT + _FIGURES.format(rows="\n".join(rows)) + _table([*missed, *missed_fresh])
    )


def write_page(to: Path = PAGE) -> None:
    """Write the page into the manual."""
    to.write_text(search_page(), encoding="utf-8")


def _share(name: str, queries: list[Query], missed: list[Miss]) -> str:
    right = len(queries) - len(missed)
    return f"| {name} | {len(queries)} | {right} | {100 * right / len(queries):.1f} % |"


def _table(missed: Iterable[Miss]) -> str:
    lines = [
        f"| {miss.query.text} | {_all(sorted(miss.query.services))} "
        f"| {_all(miss.found) or 'nothing'} |"
        for miss in missed
    ]
    head = "| Typed | Right | First three |\n|---|---|---|"
    return "\n".join([head, *lines, ""])


def _all(services: Iterable[str]) -> str:
    return ", ".join(services)


if __name__ == "__main__":
    write_page()
