"""Which address shows what to visitors."""

from django.urls import path

from webforms import pages, skin

app_name = "webforms"

urlpatterns = [
    path("", pages.form_list, name="list"),
    path("huisstijl.css", skin.skin_style, name="skin_style"),
    path("huisstijl/logo", skin.skin_logo, name="skin_logo"),
    path("verstuurd/<str:signed>/", pages.sent_page, name="sent"),
    path("bevestig/<str:signed>/", pages.confirm_page, name="confirm"),
    path("<slug:slug>/", pages.form_page, name="form"),
    path("<slug:slug>/antwoorden/", pages.offered_answers, name="answers"),
]
