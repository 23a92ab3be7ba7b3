"""The addresses of the agent's browser."""

from itertools import chain

from django.urls import path

from desk import pulse
from desk.bulk import choosing, chosen, result, together
from desk.bulk import screen as bulk
from desk.customers import completion, customers, editing, merging, who
from desk.dashboard import list as box_list
from desk.dashboard import page as dashboard
from desk.help import help_page
from desk.lists import customer, escalation, followed, for_me, mine, organisation, queues, status, view
from desk.preferences import page as preferences
from desk.preferences.settings import SETTINGS
from desk.screens import opening, texts
from desk.screens.new_ticket import AT as NEW
from desk.screens.registry import PRESSES, SCREENS
from desk.search import answers, completing, dialog, exports, facets, results, saved
from desk.texts import keep
from desk.writing import uploads
from desk.writing.addresses import screen_addresses
from desk.writing.behind import Behind
from desk.writing.screen import TICKET
from desk.zoom import attachments, earlier, frames, paper, senders, sending, source, ticket

app_name = "desk"

BEHIND = {
    TICKET: Behind("desk/zoom/zoom.html", ticket.page),
    NEW: Behind("desk/lists/behind.html", lambda request, _about: queues.my_queues(request)),
}
"""The page behind the screens of a route."""

urlpatterns = [
    path("", dashboard.dashboard, name="home"),
    path("dashboard/zijkant/", dashboard.beside, name="dashboard_beside"),
    path("dashboard/tabblad/", dashboard.choose_tab, name="choose_tab"),
    path("dashboard/indeling/", dashboard.arrange, name="arrange_boxes"),
    path("dashboard/welkom/", dashboard.fold_welcome, name="fold_welcome"),
    path("dashboard/<str:box>/<str:tab>/", box_list.box_list, name="box"),
    path("hulp/", help_page, name="help"),
    path("wachtrijen/", queues.queues, name="queues"),
    path("wachtrijen/<int:queue_id>/", queues.queue, name="queue"),
    path("status/<str:which>/", status.status, name="status"),
    path("escalatie/", escalation.escalation, name="escalation"),
    path("escalatie/<str:which>/", escalation.escalation, name="escalation_of"),
    path("mijn/vergrendeld/", mine.my_locked, name="my_locked"),
    path("mijn/eigenaar/", mine.my_owned, name="my_owned"),
    path("mijn/gevraagd/", for_me.my_asked, name="my_asked"),
    path("mijn/gevolgd/", followed.my_followed, name="my_followed"),
    path("bulk/", choosing.choose_tickets, name="choose_bulk"),
    path("bulk/<uuid:bulk>/", result.result, name="bulk_result"),
    *chain.from_iterable(
        screen_addresses(screen, behind=chosen.BEHIND)
        for screen in (bulk.screen, together.merge, together.link)
    ),
    path("zoeken/", results.results, name="search"),
    path("zoeken/aantallen/", facets.counts, name="search_counts"),
    path("zoeken/aanvullen/", completing.complete, name="complete_search"),
    path("zoeken/antwoorden/<int:template_id>/", answers.standard_answer, name="standard_answer"),
    path("zoeken/uitgebreid/", dialog.search_form, name="search_form"),
    path("zoeken/uitvoeren/", exports.exports, name="exports"),
    path("zoeken/uitvoeren/csv/", exports.export_csv, name="export_csv"),
    path("zoeken/uitvoeren/<int:export_id>/", exports.export, name="export"),
    path("zoeken/uitvoeren/<int:export_id>/bestand/", exports.export_file, name="export_file"),
    path("zoeken/uitvoeren/<int:export_id>/afdrukken/", exports.export_paper, name="export_paper"),
    path("zoeken/sjablonen/", saved.saved_searches, name="saved_searches"),
    path("zoeken/sjablonen/nieuw/", saved.keep_search, name="save_search"),
    path("zoeken/sjablonen/<int:search_id>/", saved.saved_search, name="saved_search"),
    path("zoeken/sjablonen/<int:search_id>/bewerken/", saved.edit_search, name="edit_search"),
    path("zoeken/sjablonen/<int:search_id>/verwijderen/", saved.remove_search, name="delete_search"),
    path("klanten/", customers.customers, name="customers"),
    path("klanten/aanvullen/", completion.complete, name="complete"),
    path("klanten/adresboek/", completion.book, name="book"),
    path("klanten/wie/", who.who, name="who"),
    path("klanten/nieuw/", editing.new_customer, name="new_customer"),
    path("klanten/<int:customer_id>/", customer.customer_tickets, name="customer_page"),
    path("klanten/<int:customer_id>/bewerken/", editing.edit_customer, name="edit_customer"),
    path("klanten/<int:customer_id>/samenvoegen/", merging.merge_customer, name="merge_customer"),
    path(
        "klanten/<int:customer_id>/tickets/<str:which>/", customer.customer_tickets, name="customer_tickets"
    ),
    path(
        "klanten/organisaties/<int:organisation_id>/",
        organisation.organisation_page,
        name="organisation_page",
    ),
    path("voorkeuren/", preferences.preferences, name="preferences"),
    path("voorkeuren/elders-uitloggen/", preferences.leave_elsewhere, name="leave_elsewhere"),
    path("voorkeuren/weer-terug/", preferences.be_back, name="be_back"),
    path("voorkeuren/wachtwoord/", preferences.password, name="password"),
    *[
        path(f"voorkeuren/{setting.path}/", preferences.keep(setting), name=f"keep_{setting.name}")
        for setting in SETTINGS
    ],
    path("pols/", pulse.pulse, name="pulse"),
    path("weergave/", view.set_view, name="set_view"),
    path(TICKET, ticket.zoom, name="zoom"),
    path(f"{TICKET}geschiedenis/", ticket.history, name="history"),
    path(f"{TICKET}afdrukken/", paper.paper, name="paper"),
    path(f"{TICKET}neem/<str:screen>/", opening.take, name="take"),
    path(f"{NEW}teksten/<str:screen>/", texts.find_texts, name="find_new_texts"),
    path(f"{NEW}teksten/<str:screen>/<int:template_id>/", texts.text, name="new_text"),
    path(f"{TICKET}teksten/<str:screen>/", texts.find_texts, name="find_texts"),
    path(f"{TICKET}teksten/<str:screen>/<int:template_id>/", texts.text, name="text"),
    path(f"{TICKET}eerder/", earlier.earlier, name="earlier"),
    path(f"{TICKET}eerder/<int:article_id>/", earlier.earlier_text, name="earlier_text"),
    path(f"{TICKET}eerder/<str:other>/niet-nuttig/", earlier.not_useful, name="not_useful"),
    path(f"{TICKET}annuleren/", opening.cancel, name="cancel"),
    *[
        path(press.route, press.as_view(behind=BEHIND[press.at]), name=press.name)
        for press in PRESSES.values()
    ],
    *chain.from_iterable(screen_addresses(screen, behind=BEHIND[screen.at]) for screen in SCREENS.values()),
    path("uploads/<int:upload_id>/", uploads.inline_image, name="upload"),
    path("uploads/<int:upload_id>/verwijder/", uploads.remove, name="remove_upload"),
    path(f"{TICKET}interacties/<int:article_id>/html/", frames.article_frame, name="article_frame"),
    path(f"{TICKET}interacties/<int:article_id>/html/actief/", frames.active_frame, name="active_frame"),
    path(f"{TICKET}interacties/<int:article_id>/bron/", source.source, name="source"),
    path(f"{TICKET}interacties/<int:article_id>/opnieuw/", sending.again, name="send_again"),
    path(f"{TICKET}interacties/<int:article_id>/verstuurd/", sending.sent, name="declare_sent"),
    path(f"{TICKET}interacties/<int:article_id>/van-klant/", senders.belongs, name="add_address"),
    path(f"{TICKET}interacties/<int:article_id>/standaardantwoord/", keep.keep_answer, name="keep_answer"),
    path(f"{TICKET}bijlagen/<int:attachment_id>/", attachments.attachment, name="attachment"),
]
