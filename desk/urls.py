"""The addresses of the agent's browser."""

from django.urls import path

from desk import preferences
from desk.lists import customer, mine, queues, status, view
from desk.screens import files, opening
from desk.screens.registry import SCREENS
from desk.writing.view import ScreenView
from desk.zoom import attachments, frames, sending, ticket

app_name = "desk"

TICKET = "tickets/<str:number>/"

urlpatterns = [
    path("", queues.queues, name="home"),
    path("wachtrijen/", queues.queues, name="queues"),
    path("wachtrijen/<int:queue_id>/", queues.queue, name="queue"),
    path("status/<str:which>/", status.status, name="status"),
    path("mijn/vergrendeld/", mine.my_locked, name="my_locked"),
    path("mijn/eigenaar/", mine.my_owned, name="my_owned"),
    path(
        "klanten/<int:customer_id>/tickets/<str:which>/", customer.customer_tickets, name="customer_tickets"
    ),
    path("voorkeuren/", preferences.preferences, name="preferences"),
    path("voorkeuren/wachtwoord/", preferences.password, name="password"),
    path("weergave/", view.set_view, name="set_view"),
    path(TICKET, ticket.zoom, name="zoom"),
    path(f"{TICKET}geschiedenis/", ticket.history, name="history"),
    path(f"{TICKET}neem/<str:screen>/", opening.take, name="take"),
    path(f"{TICKET}annuleren/", opening.cancel, name="cancel"),
    path(f"{TICKET}vergrendel/", opening.lock, name="lock"),
    path(f"{TICKET}ontgrendel/", opening.unlock, name="unlock"),
    *[
        path(f"{TICKET}{screen.path}/", ScreenView(screen, behind=ticket.page).as_view(), name=screen.name)
        for screen in SCREENS.values()
    ],
    path(f"{TICKET}bestanden/<str:path>/", files.files, name="uploads"),
    path(f"{TICKET}bestanden/<str:path>/beeld/", files.image, name="upload_image"),
    path("uploads/<int:upload_id>/", files.shown, name="upload"),
    path("uploads/<int:upload_id>/verwijder/", files.remove, name="remove_upload"),
    path(f"{TICKET}interacties/<int:article_id>/html/", frames.article_frame, name="article_frame"),
    path(f"{TICKET}interacties/<int:article_id>/html/actief/", frames.active_frame, name="active_frame"),
    path(f"{TICKET}interacties/<int:article_id>/opnieuw/", sending.again, name="send_again"),
    path(f"{TICKET}interacties/<int:article_id>/verzonden/", sending.sent, name="declare_sent"),
    path(f"{TICKET}bijlagen/<int:attachment_id>/", attachments.attachment, name="attachment"),
]
