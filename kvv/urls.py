"""Which address leads where."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from kvv.health import healthz, livez

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("livez", livez, name="livez"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]
