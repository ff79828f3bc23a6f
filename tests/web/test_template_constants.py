"""What a template says whoever asks is put in when it is compiled."""

import pytest
from jinja2 import Environment
from jinja2.compiler import CodeGenerator

from app.web import pages
from app.web.i18n import Language

ICON = '{% from "web/icons.html" import icon %}'
WORD = "{% macro word(text) %}[{{ text }}]{% endmacro %}"
CONSTANT = [
    '{{ _("Called") }}',
    '{{ gettext("Called") }}',
    "{% trans %}Called{% endtrans %}",
    '{{ _("Reason: %(reason)s", reason="<{reason}>") }}',
    '<a title="{{ _("Called") }}">{{ _("Paused")|upper }}</a>',
    '{{ _("100%% of <b>") }}',
    '{{ {"a": _("Called")}["a"] ~ _("Paused") }}',
    '<link href="{{ static("web/base.css") }}">',
    ICON + '{{ icon("bell") }}',
    ICON + '{{ icon("bell", "icon--large") }} {{ _("Called") }}',
    '{% from "web/icons.html" import icon as drawing %}{{ drawing("bell") }}',
    ICON + '{% if word %}{{ icon("bell") if word else _("Called") }}{% endif %}',
]
"""Templates in which nothing is called when they are shown."""
OTHER = [
    "{{ _(word) }}",
    '{{ _("Reason: %(reason)s", reason=word) }}',
    "{% trans reason=word %}Reason: {{ reason }}{% endtrans %}",
    '{{ ngettext("%(num)s person", "%(num)s people", 2) }}',
    ICON + '{% set name = "bell" %}{{ icon(name) }}',
    # its own: it may say something else than what was imported
    ICON
    + '{% macro icon(name) %}({{ name }}{{ word }}){% endmacro %}{{ icon("bell") }}',
    WORD + '{{ word(_("Called")) }}',
    "{% macro box(text) %}{{ text }}{{ caller() }}{% endmacro %}"
    '{% call box(_("Called")) %}{{ word }}{% endcall %}',
]


@pytest.fixture(params=["id", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    language: Language = request.param
    return language


@pytest.fixture
def ordinary(language: Language) -> Environment:
    """Return an environment of its own that compiles as Jinja itself does."""
    environment: Environment = pages.environment.__wrapped__(language)
    environment.code_generator_class = CodeGenerator
    return environment


@pytest.mark.parametrize("source", [*CONSTANT, *OTHER])
def test_a_template_says_the_same(
    source: str, language: Language, ordinary: Environment
) -> None:
    own = pages.environment(language).from_string(source)

    expected = ordinary.from_string(source).render(word="<Called>")
    assert own.render(word="<Called>") == expected


@pytest.mark.parametrize("source", CONSTANT)
def test_nothing_is_called_when_it_is_shown(
    source: str, language: Language, ordinary: Environment
) -> None:
    assert "context.call(" in ordinary.compile(source, raw=True)
    assert "context.call(" not in pages.environment(language).compile(source, raw=True)
