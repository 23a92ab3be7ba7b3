"""Which address leads where."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from kvv.health import healthz, livez
from kvv.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("livez", livez, name="livez"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("formulieren/", include("webforms.urls")),
    path("", include("desk.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("kvv.demo.urls"))]
