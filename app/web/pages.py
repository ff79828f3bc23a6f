"""One page: a template, in the reader's language, with the headers that guard it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import cache, partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.settings import Settings
from app.web import availability_words, formats
from app.web.folders import folders_named
from app.web.i18n import Language, translator
from app.web.preferences import Preferences, read_preferences, set_preference_cookies
from app.web.static import static
from app.web.template_constants import ConstantCompiler

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; "
        "script-src 'self'; connect-src 'self'; object-src 'none'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class SiteInfo:
    """What every page knows of the site: its name, its zone, whether it is a sample.

    ``stale_after_seconds``: after so long a silence a page says that it is stale.
    """

    name: str = "Antrean"
    zone: tzinfo = UTC
    sample: bool = False
    stale_after_seconds: int = Settings.model_fields["stale_after_seconds"].default


def describe_site(app: Starlette, site_info: SiteInfo) -> None:
    """Tell the pages about the site: at the start, and again when it changes."""
    app.state.site_info = site_info


def site_info_of(request: Request) -> SiteInfo:
    """Return the site as last described; before that, a nameless one in UTC."""
    return getattr(request.app.state, "site_info", SiteInfo())


def page(
    request: Request,
    template: str,
    *,
    language: Language | None = None,
    theme: str = "light",
    fixed_preferences: Preferences | None = None,
    status_code: int = 200,
    **context: Any,
) -> HTMLResponse:
    """Render `template` (`kiosk/start.html`) for this request.

    Language, theme, contrast and text size come from the address, else from a
    cookie, else Indonesian in `theme`. A caller who gives `language` (a ticket's
    own) decides it, and then no cookie is written. ``fixed_preferences``
    decide all of it: at a kiosk no cookie of this browser holds for the next visitor.
    """
    preferences = fixed_preferences or read_preferences(
        request, Preferences(theme=theme)
    )
    if language:
        preferences = replace(preferences, lang=language)
    site_info = site_info_of(request)
    html = render(
        template,
        preferences.lang,
        site_info.zone,
        request=request,
        site_info=site_info,
        preferences=preferences,
        url_with=partial(_url_with, request),
        **{"sample_label": site_info.sample, **context},
    )
    response = HTMLResponse(html, status_code=status_code, headers=HEADERS)
    if language is None and fixed_preferences is None:
        set_preference_cookies(request, response)
    return response


def render(template: str, language: Language, zone: tzinfo, **context: Any) -> str:
    """Return a template's text, with the `zone` its times are shown in."""
    return environment(language).get_template(template).render(zone=zone, **context)


@cache
def environment(language: Language) -> Environment:
    """Return the templates of all parts, speaking `language`.

    One environment per language, so that a macro imported without the page's
    context speaks the page's language too.
    """
    folders = folders_named("templates")
    env = Environment(
        loader=PrefixLoader({p: FileSystemLoader(f) for p, f in folders.items()}),
        autoescape=True,
        # what imports a template is not compiled again when that one changes
        auto_reload=False,
        # a misspelt name fails the page instead of leaving a gap
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.code_generator_class = ConstantCompiler
    # The extension adds this method at run time.
    env.install_gettext_translations(translator(language), newstyle=True)  # type: ignore[attr-defined]
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(static=static, language=language)
    env.filters.update(_filters(language))
    return env


def icon_names() -> frozenset[str]:
    """Return the names that `icon()` in `web/icons.html` draws."""
    module: Any = environment("en").get_template("web/icons.html").module
    return frozenset(module.shapes)


def _filters(language: Language) -> dict[str, Callable[..., str]]:
    """Return the filters: `at|clock_time(zone)`, `n|figure`, `reason|closed_words`."""
    filters = (
        formats.clock_time,
        formats.long_date,
        formats.short_date,
        formats.figure,
        availability_words.closed_words,
        availability_words.opening_words,
    )
    return {f.__name__: partial(f, language=language) for f in filters}


def _url_with(request: Request, **changes: str) -> str:
    """Return this page's own address with some query values changed."""
    address = request.url.include_query_params(**changes)
    return f"{address.path}?{address.query}"
