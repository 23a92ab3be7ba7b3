"""`desk.words` as tags and filters, and what of the registry a template asks of each article."""

from django import template

from blobs.sizes import size_in_words
from desk import words
from desk.screens.registry import on_article
from tickets.showing.body import fold_summary

register = template.Library()

TAGS = (words.icon, words.logo)
FILTERS = (
    words.addressed_to,
    words.age,
    words.article_icon,
    words.article_kind,
    words.article_mark,
    words.breakable,
    words.event_icon,
    words.has_failed,
    words.holder,
    words.may_go_again,
    words.own_subject,
    words.put_off,
    words.queue_name,
    words.reached,
    words.sender_of,
    words.state_mark,
    words.subject_of,
    words.undelivered,
    fold_summary,
    on_article,
    size_in_words,
)

for tag in TAGS:
    register.simple_tag(tag)
for word in FILTERS:
    register.filter_function(word)
