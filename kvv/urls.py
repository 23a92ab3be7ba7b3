"""Which address leads where."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from kvv.health import healthz, livez
from kvv.metrics import metrics
from tickets.customer_link import PATH as CUSTOMERS_PAGE

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("livez", livez, name="livez"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("formulieren/", include("webforms.urls")),
    path(CUSTOMERS_PAGE, include("webforms.customer_urls")),
    path("", include("desk.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("kvv.demo.urls"))]
