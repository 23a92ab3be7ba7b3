"""A standard answer by itself, to be read or copied: on the telephone, or in a mail of one's own."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.frame import AgentRequest, agent_required
from queues.access import Rights
from queues.models import ResponseTemplate
from queues.placeholders import tags_in
from queues.texts import TextPlace
from richtext.admin_texts import as_blocks


def answers_for(rights: Rights) -> TextPlace:
    """The standard answers of all queues that the agent may answer in."""
    return TextPlace(rights=rights, queue_id=None, kind=ResponseTemplate.Kind.ANSWER)


@require_safe
@agent_required
def standard_answer(request: AgentRequest, template_id: int) -> HttpResponseBase:
    """Its text, with the words that KVV fills in as they are; 404 for what the agent may not answer with."""
    template = answers_for(request.rights).text(template_id)
    if template is None:
        raise Http404
    html = as_blocks(template.html)
    context = {"name": template.name, "html": html, "has_words": bool(tags_in(template.html))}
    return render(request, "desk/search/answer.html", context)
