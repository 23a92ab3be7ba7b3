"""What templates say things by, as tags and filters, and what of the registry they ask of each article."""

from django import template

from accounts.absence import name_now
from blobs.sizes import size_in_words
from desk import words
from desk.screens.registry import on_article
from desk.search.bar import search_field
from desk.zoom import delivery
from desk.zoom.act import act
from richtext.links import with_links
from tickets.showing.body import fold_summary

register = template.Library()

TAGS = (words.addresses_of, words.icon, words.logo, search_field)
FILTERS = (
    words.addressed_to,
    words.age,
    words.article_icon,
    words.article_kind,
    words.article_mark,
    words.breakable,
    words.counted,
    words.event_icon,
    words.holder,
    words.own_subject,
    words.queue_name,
    words.sender_of,
    words.state_mark,
    words.subject_of,
    name_now,
    delivery.has_failed,
    delivery.may_go_again,
    delivery.put_off,
    delivery.reached,
    delivery.undelivered,
    fold_summary,
    on_article,
    size_in_words,
    with_links,
)

for tag in TAGS:
    register.simple_tag(tag)
register.simple_tag(act, takes_context=True)
for word in FILTERS:
    register.filter_function(word)
