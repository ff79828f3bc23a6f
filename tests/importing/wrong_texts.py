"""Every kind of text that is no file of a mall, whatever it says of it."""

from tests.importing.conftest import SMALL, edited

WRONG_TEXTS = {
    "an agency that is a text": (
        edited(
            ("- {code: P1, name: Printer 1, address: tcp://127.0.0.1:9100}", "- P1")
        ),
        "line 39, printers.#1: must be a group of fields",
    ),
    "a field twice": (
        edited(("  timezone", "  name: Lain\n  timezone")),
        "line 3, site.name: name is already given on line 2",
    ),
    "a field whose name is a list": (
        edited(("  timezone", "  [a]: Lain\n  timezone")),
        "line 3: a field needs a plain name",
    ),
    "an anchor": (
        edited(("name: Mal Contoh", "name: &mal Mal Contoh")),
        "line 2, site.name: anchors are not used here",
    ),
    "an alias": (
        edited(("name: Imigrasi\n    name_en", "name: *mal\n    name_en")),
        "line 27, agencies.IMI.name: aliases are not used here",
    ),
    "a tag": (
        edited(("name: Mal Contoh", "name: !!python/name:os.system x")),
        "line 2, site.name: tags are not used here",
    ),
    "a second document": (SMALL + "---\nx: y\n", "line 43: only one document may be"),
    "a control byte": (
        edited(("Mal Contoh", "Mal\x1b Contoh")),
        "line 2: holds the control character U+001B",
    ),
    "a control byte in a remark": (
        edited(("zones:\n", "zones: # \x07\n")),
        "line 11: holds the control character U+0007",
    ),
    "a control byte written as an escape": (
        edited(("Mal Contoh", '"Mal\\eContoh"')),
        "line 2, site.name: holds the control character U+001B",
    ),
    "a line break inside a name": (
        edited(("Mal Contoh", '"Mal\\nContoh"')),
        "line 2, site.name: holds the control character U+000A",
    ),
    "a mark that turns the reading direction": (
        edited(("Mal Contoh", "Mal \u202e Contoh")),
        "line 2: holds the control character U+202E",
    ),
    "half a character": (
        edited(("Mal Contoh", '"Mal \\ud800"')),
        "line 2",
    ),
    "no YAML": (
        edited(("[id, en]", "[id, en")),
        "line 5: is not YAML: ",
    ),
    "no file": ("# nothing\n", "line 1: the file is empty"),
    "a list instead": ("- a\n", "line 1: must be a group of fields"),
}
