"""The demo's own pages; they exist only where KVV_DEMO is set."""

from django.urls import path

from kvv.demo import mail

app_name = "demo"

urlpatterns = [
    path("mail/", mail.caught_mails, name="mail"),
    path("mail/schrijf/", mail.write, name="write"),
    path("mail/<str:name>/", mail.mail_page, name="read"),
    path("mail/<str:name>/html/", mail.frame, name="frame"),
    path("mail/<str:name>/antwoord/", mail.answer, name="answer"),
]
