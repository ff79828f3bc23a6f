"""No text reaches a screen untranslated, and none is translated for nothing."""

import re
from pathlib import Path

import pytest

from app.web.i18n import (
    CatalogueConflict,
    compile_catalogue,
    merge_catalogues,
    translator,
)
from tests.web import catalogue

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
NOT_KBBI = re.compile(r"\b(antrian|silahkan|ijin|resiko|jadual)\b", re.IGNORECASE)

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Counter"
msgstr "{}"
"""
COUNTED = 'msgid_plural "Counters"\nmsgstr[0] "Loket"'


def test_every_text_of_the_sources_is_translated() -> None:
    translated = {m.id for _, m in catalogue.messages("id") if m.string and not m.fuzzy}

    missing = {
        t: f for t, f in catalogue.texts_in_source().items() if t not in translated
    }

    assert not missing


def test_no_translation_is_left_over() -> None:
    texts = catalogue.texts_in_source()

    unused = [(file, m.id) for file, m in catalogue.messages("id") if m.id not in texts]

    assert not unused


def test_the_extraction_sees_templates_and_python() -> None:
    texts = catalogue.texts_in_source()

    assert texts["Skip to the content"] == "app/web/templates/base.html"
    assert texts["You may not do this"] == "app/web/problem_texts.py"


def test_placeholders_agree() -> None:
    for file, message in catalogue.messages("id"):
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        translation = message.string or ""
        expected = set(PLACEHOLDER.findall(texts[-1]))
        for text in [translation] if isinstance(translation, str) else translation:
            assert set(PLACEHOLDER.findall(text)) == expected, (file, message.id)


def test_indonesian_is_spelled_as_kbbi_spells_it() -> None:
    for file, message in catalogue.messages("id"):
        assert not NOT_KBBI.search(str(message.string)), (file, message.string)


def test_all_files_merge_into_one_catalogue() -> None:
    assert translator("id").gettext("Sample data") == "Data contoh"
    assert translator("en").gettext("Sample data") == "Sample data"


def test_files_that_disagree_are_refused(tmp_path: Path) -> None:
    one, two = tmp_path / "a.po", tmp_path / "b.po"
    one.write_text(PO.format("Loket"))
    two.write_text(PO.format("Meja"))

    with pytest.raises(CatalogueConflict, match=r"b\.po translates 'Counter'"):
        merge_catalogues("id", [one, two])


def test_files_that_agree_may_share_a_text(tmp_path: Path) -> None:
    one, two = tmp_path / "a.po", tmp_path / "b.po"
    for file in (one, two):
        file.write_text(PO.format("Loket"))

    assert merge_catalogues("id", [one, two])["Counter"].string == "Loket"


def test_a_doubtful_translation_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    file.write_text(PO.format("Loket").replace('msgid "C', '#, fuzzy\nmsgid "C'))

    assert "Counter" not in merge_catalogues("id", [file])


def test_a_text_that_counts_has_one_indonesian_form(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    file.write_text(PO.replace('msgstr "{}"', COUNTED))

    speaker = compile_catalogue(merge_catalogues("id", [file]))

    assert speaker.ngettext("Counter", "Counters", 1) == "Loket"
    assert speaker.ngettext("Counter", "Counters", 5) == "Loket"
