"""Whatever a docstring or a comment cites is in this repository."""

import pytest

from tests.docs.sources import notes, python_notes, script_notes, wrong_citations


def test_every_citation_of_the_source_leads_to_a_page() -> None:
    wrong = [
        (note.where, each) for note in notes() for each in wrong_citations(note.words)
    ]

    assert wrong == []


def test_the_source_is_read() -> None:
    texts = [note.words for note in notes()]

    assert len(texts) > 2_000
    assert sum("contract.md" in text for text in texts) >= 10


@pytest.mark.parametrize(
    "words",
    [
        "as contract.md says",
        "refused (contract.md#errors)",
        "so nobody starves (decision 0002)",
        "never COUNT (lesson 3)",
        "a problem document (RFC 9457)",
        "see README.md beside this file",
    ],
)
def test_a_citation_that_can_be_followed_is_right(words: str) -> None:
    assert wrong_citations(words) == []


@pytest.mark.parametrize(
    "words",
    [
        "as nothing.md says",
        "refused (contract.md#no-such-heading)",
        "so nobody starves (decision 9999)",
        "script is short (decision 0001)",
        "never COUNT (lesson 99)",
        "the table of design §2",
        "stands still (design: time)",
        "clips (accessibility.md)",
        "a number (field-lessons.md 3)",
        "as in app/docs/contract.md",
        "decisions/0002-rank-is-arrival-less-head-start.md",
    ],
)
def test_a_citation_that_leads_nowhere_is_found(words: str) -> None:
    assert wrong_citations(words) != []


def test_docstrings_and_comments_are_notes_and_texts_are_not() -> None:
    source = '"""One."""\n\nA = "text"\n"""Two."""\nB = 1  # three\n'

    texts = [note.words for note in python_notes("x.py", source)]

    assert texts == ["One.", "Two.", "# three"]


def test_an_address_in_a_script_is_no_comment() -> None:
    source = 'const a = "http://x";\n/* one\n   two */\nb(); // three\n'

    notes = list(script_notes("x.js", source))

    assert [note.where for note in notes] == ["x.js:2", "x.js:4"]
