"""The addresses of the agent's browser."""

from django.urls import path

from desk import preferences, uploads
from desk.compose import reply
from desk.lists import customer, mine, queues, status, view
from desk.popups import close, move, note, taking
from desk.zoom import files, frames, screen, sending

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
    path(TICKET, screen.zoom, name="zoom"),
    path(f"{TICKET}geschiedenis/", screen.history, name="history"),
    path(f"{TICKET}neem/<str:screen>/", taking.take, name="take"),
    path(f"{TICKET}annuleren/", taking.cancel, name="cancel"),
    path(f"{TICKET}vergrendel/", taking.lock, name="lock"),
    path(f"{TICKET}ontgrendel/", taking.unlock, name="unlock"),
    path(f"{TICKET}antwoord/", reply.reply, name="reply"),
    path(f"{TICKET}notitie/", note.note, name="note"),
    path(f"{TICKET}sluiten/", close.close, name="close"),
    path(f"{TICKET}wachtrij/", move.move, name="move"),
    path(f"{TICKET}bestanden/<str:screen>/", uploads.uploads, name="uploads"),
    path(f"{TICKET}bestanden/<str:screen>/beeld/", uploads.image, name="upload_image"),
    path("uploads/<int:upload_id>/", uploads.shown, name="upload"),
    path("uploads/<int:upload_id>/verwijder/", uploads.remove, name="remove_upload"),
    path(f"{TICKET}interacties/<int:article_id>/html/", frames.article_frame, name="article_frame"),
    path(f"{TICKET}interacties/<int:article_id>/html/actief/", frames.active_frame, name="active_frame"),
    path(f"{TICKET}interacties/<int:article_id>/opnieuw/", sending.again, name="send_again"),
    path(f"{TICKET}interacties/<int:article_id>/verzonden/", sending.sent, name="declare_sent"),
    path(f"{TICKET}bijlagen/<int:attachment_id>/", files.attachment, name="attachment"),
]
