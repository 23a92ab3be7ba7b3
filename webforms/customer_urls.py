"""Where a customer's own page is, and what it sends its forms to."""

from django.urls import path

from webforms.customer import acts, page

app_name = "customer"

urlpatterns = [
    path("<str:token>/", page.page, name="page"),
    path("<str:token>/code/", acts.code, name="code"),
    path("<str:token>/open/", acts.open_, name="open"),
    path("<str:token>/nieuwe-link/", acts.renew, name="renew"),
    path("<str:token>/schrijf/", acts.write, name="write"),
    path("<str:token>/opnieuw/", acts.reopen, name="reopen"),
    path("<str:token>/oordeel/", acts.rate, name="rate"),
    path("<str:token>/bestand/<int:attachment_id>/", page.file, name="file"),
]
