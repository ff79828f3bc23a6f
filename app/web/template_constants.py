"""What a template says whoever asks, put in when it is compiled.

A template is compiled once for each language, so what `_("Called")` says is known then,
and so is what `icon("bell")` draws. A console's page has some three hundred such words
and pieces; made at each showing they were the greater part of its cost.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from app.web.i18n import translator

Function = Callable[..., object]


class ConstantCompiler(CodeGenerator):
    """Compiles a template of an environment whose global ``language`` it speaks."""

    def visit_Template(  # noqa: N802 (Jinja's name)
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Compile a template with its constants put in."""
        _Constants(self.environment, node).visit(node)
        super().visit_Template(node, frame)


class _Constants(NodeTransformer):
    """Puts the outcome in the place of each call that has always the same.

    Such are the calls, with nothing but constants, of gettext, of ``static``, and of
    macros that are imported without the page's context.
    """

    def __init__(self, environment: Environment, template: nodes.Template) -> None:
        self._environment = environment
        language: Any = environment.globals["language"]
        gettext = _translation(translator(language).gettext)
        static: Any = environment.globals["static"]
        self._functions = {"_": gettext, "gettext": gettext, "static": static}
        # such a name may mean something else in a part of the template
        self._other_names = {macro.name for macro in template.find_all(nodes.Macro)}
        self._other_names |= {
            name.name for name in template.find_all(nodes.Name) if name.ctx != "load"
        }

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node:  # noqa: N802
        if node.with_context or not isinstance(node.template, nodes.Const):
            return node
        module = self._environment.get_template(node.template.value).module
        for imported in node.names:
            name, alias = (
                (imported, imported) if isinstance(imported, str) else imported
            )
            macro = getattr(module, name, None)
            if callable(macro):
                self._functions[alias] = macro
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        function = self._function(node)
        values = [*node.args, *(each.value for each in node.kwargs)]
        if function is None or not all(isinstance(v, nodes.Const) for v in values):
            return node
        outcome = function(
            *(each.as_const() for each in node.args),
            **{each.key: each.value.as_const() for each in node.kwargs},
        )
        return nodes.Const(outcome, lineno=node.lineno)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        call = node.call
        self.generic_visit(node)
        node.call = call  # what its block says is not known yet
        return node

    def _function(self, node: nodes.Call) -> Function | None:
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return None
        name = node.node.name
        return None if name in self._other_names else self._functions.get(name)


def _translation(gettext: Callable[[str], str]) -> Function:
    def translate(text: str, /, **values: object) -> Markup:
        # as Jinja's own: always a format, its values escaped
        words = Markup(gettext(text))  # noqa: S704 (our catalogue)
        return words % values

    return translate
