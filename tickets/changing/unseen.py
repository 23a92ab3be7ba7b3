"""What came into a ticket after a form's page was shown: nobody acts past what they have not seen."""

from django.db.models import Q
from django.utils.translation import gettext as _

from tickets.changing.changes import Changes
from tickets.changing.forms import Form
from tickets.errors import Ask
from tickets.kinds import ABOUT_AN_ARTICLE, EventKind
from tickets.models import Article, State, StateType

NEWER_MOST = 10
UNSEEN = "unseen"
"""The key of `Ask`, followed by the event up to which was shown."""


def ask_before_closing(changes: Changes, *, state: State, form: Form) -> None:
    """Raise `Ask` as below where this state closes the ticket, and the form says what its page had shown."""
    if state.type == StateType.CLOSED and form.seen_event is not None:
        ask_about_unseen(changes, form=form)


def ask_about_unseen(changes: Changes, *, form: Form) -> None:
    """Raise `Ask` where the customer wrote or closed the ticket, or a colleague answered or wrote to somebody
    else, after what the form's page had shown.

    In a ticket, events' ids grow with time; those of articles don't, as a merge brings in older ones.
    """
    theirs = Q(article__sender_type=Article.SenderType.CUSTOMER)
    left = Q(article__is_visible=True) | Q(article__direction=Article.Direction.OUT)
    colleagues = Q(article__sender_type=Article.SenderType.AGENT) & left
    # A call of the customer that they noted down themselves, too.
    own = Q(agent=changes.actor.agent, agent__isnull=False)
    seen = form.shown_up_to(UNSEEN, seen=form.seen_event)
    closed = Q(kind=EventKind.CUSTOMER_CLOSED)
    newer = changes.ticket.events.filter((theirs | colleagues | closed) & ~own, pk__gt=seen).exclude(
        kind__in=ABOUT_AN_ARTICLE
    )
    unseen = list(newer.select_related("article__agent").order_by("pk")[:NEWER_MOST])
    if not unseen:
        return
    key = f"{UNSEEN}:{unseen[-1].pk}"
    articles = [event.article for event in unseen if event.article is not None]
    answers = [article for article in articles if article.sender_type == Article.SenderType.AGENT]
    if answers:
        sentence = _("%(agent)s has answered this ticket meanwhile. Read that before you go on.")
        if not answers[-1].is_visible:
            sentence = _("%(agent)s has written to others about this ticket meanwhile. Read that first.")
        raise Ask(key, sentence % {"agent": answers[-1].agent or _("A colleague")}, details=articles)
    if not articles:
        raise Ask(key, _("The customer has said meanwhile that the question is answered, and closed it."))
    sentence = _("The customer has written again. Read the new message before you go on.")
    if articles[-1].channel == Article.Channel.PHONE:
        sentence = _("The customer has called meanwhile. Read what was said before you go on.")
    raise Ask(key, sentence, details=articles)
