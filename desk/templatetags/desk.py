"""`desk.words` as tags and filters."""

from django import template

from desk import words
from tickets.showing.body import fold_summary

register = template.Library()

TAGS = (words.icon, words.logo)
FILTERS = (
    words.age,
    words.article_icon,
    words.article_kind,
    words.article_mark,
    words.breakable,
    words.has_failed,
    words.put_off,
    words.queue_name,
    words.reached,
    words.sender_of,
    words.state_mark,
    words.subject_of,
    words.undelivered,
    fold_summary,
)

for tag in TAGS:
    register.simple_tag(tag)
for word in FILTERS:
    register.filter_function(word)
