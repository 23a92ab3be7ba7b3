"""`{% translate %}`, `{% url %}` and `{% static %}` of Django's, made once where nothing in them can change.

A page has some hundred of them, and each would be looked up for every reader again. With a variable or a
filter in it a tag is Django's own. Built into every template (settings.py), after Django's.
"""

from collections.abc import Callable, Iterable

from django import template
from django.template import Context, Variable
from django.template.base import FilterExpression, Node, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix
from django.utils.translation import get_language

register = template.Library()


class KeptNode(Node):
    """What another tag gives, made once for each thing that it depends on.

    `name`: of the variable that the tag makes; None: it is shown. Two threads that come first make it twice,
    alike.
    """

    child_nodelists = ()

    def __init__(self, node: Node, *, name: str | None, depends_on: Callable[[], object]) -> None:
        self.node, self.name, self.depends_on = node, name, depends_on
        self.made: dict[tuple[object, bool], str] = {}

    def render(self, context: Context) -> str:
        key = self.depends_on(), context.autoescape
        made = self.made.get(key)
        if made is None:
            made = self.made[key] = self._made(context)
        if self.name is None:
            return made
        context[self.name] = made
        return ""

    def _made(self, context: Context) -> str:
        shown: str = self.node.render(context)
        return shown if self.name is None else str(context[self.name])


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    """Words of ours, once for each language."""
    node: TranslateNode = do_translate(parser, token)
    words, about = node.filter_expression, node.message_context
    if not _is_literal(words) or not (about is None or _is_literal(about)):
        return node
    return KeptNode(node, name=node.asvar, depends_on=get_language)


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """An address that is every reader's, once for the place under which the installation is served."""
    node: URLNode = parse_url(parser, token)
    if not _are_literal((node.view_name, *node.args, *node.kwargs.values())):
        return node
    return KeptNode(node, name=node.asvar, depends_on=get_script_prefix)


@register.tag
def static(parser: Parser, token: Token) -> Node:
    """The address of a file of ours, once."""
    node: StaticNode = StaticNode.handle_token(parser, token)
    if not _is_literal(node.path):
        return node
    return KeptNode(node, name=node.varname, depends_on=get_script_prefix)


def _are_literal(expressions: Iterable[FilterExpression]) -> bool:
    return all(_is_literal(expression) for expression in expressions)


def _is_literal(expression: FilterExpression) -> bool:
    """Whether it is a text that stands in the template."""
    var = expression.var
    is_text = isinstance(var, str) or (isinstance(var, Variable) and var.lookups is None)
    return is_text and not expression.filters
