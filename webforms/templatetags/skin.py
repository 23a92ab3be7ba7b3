"""What visitors' pages wear, for the templates of all of them."""

from django import template

from webforms.skin import current_dress

register = template.Library()
register.simple_tag(current_dress, name="dress")
