"""Question forms in the admin: made without code, seen before they are saved, and kept as versions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Case, IntegerField, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from queues.admin import OneAtATime
from queues.models import Queue
from queues.renaming import hold_names
from webforms.copying import copy_of
from webforms.form_admin import FIRST_FIELDS, CategoryForm, FieldInline
from webforms.keeping import give_keys
from webforms.keys import new_slug
from webforms.models import Category, FormVersion, Submission
from webforms.moving import MOVE, moved
from webforms.showing import framed_form, language_of, versions_of
from webforms.skin_admin import SkinAdmin
from webforms.tree import ABOVE, in_order, path_of
from webforms.versions import publish, spec_from

__all__ = ["CategoryAdmin", "SkinAdmin"]

TREE_MOST = 300
ABOVE_IT = "parent__parent__parent"


@admin.register(Category)
class CategoryAdmin(OneAtATime):
    """A question form. One that something was sent by is not deleted: take 'active' away instead."""

    form = CategoryForm
    inlines = (FieldInline,)
    change_form_template = "admin/webforms/category/change_form.html"
    list_display = ("name", "queue", "is_active", "position")
    list_filter = ("is_active",)
    list_select_related = ("queue", ABOVE_IT)
    search_fields = ("name_nl", "name_en")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name_nl", "name_en"),
                    ("summary_nl", "summary_en"),
                    "queue",
                    "parent",
                    "position",
                    "is_active",
                    "slug",
                )
            },
        ),
        (
            gettext_lazy("What visitors read"),
            {
                "fields": (
                    ("introduction_nl", "introduction_en"),
                    ("consent_nl", "consent_en"),
                    ("thanks_nl", "thanks_en"),
                )
            },
        ),
        (
            gettext_lazy("Limits"),
            {
                "classes": ("collapse",),
                "fields": (
                    "files_mb",
                    "confirms_address",
                    ("per_hour", "address_per_hour", "network_per_hour"),
                    ("links_most", "junk_queue"),
                ),
            },
        ),
        (gettext_lazy("On other sites"), {"classes": ("collapse",), "fields": ("origins",)}),
    )
    readonly_fields = ("slug",)

    class Media:
        """The order of the fields, and the preview beside them."""

        css = {"all": ["css/admin-forms.css"]}
        js = (forms.Script("js/form-fields.js", type="module"),)

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's: what the form looks like, its versions, and its copy."""
        own = (
            ("preview/", require_POST(self.preview), "preview"),
            ("<int:category_id>/preview/", require_POST(self.preview), "preview_of"),
            ("<int:category_id>/copy/", require_POST(self.copy), "copy"),
            ("version/<int:version_id>/", require_safe(self.version), "version"),
            ("version/<int:version_id>/form/", require_safe(self.version_form), "version_form"),
        )
        patterns = [
            path(route, self.admin_site.admin_view(view), name=f"webforms_category_{name}")
            for route, view, name in own
        ]
        return [*patterns, *super().get_urls()]

    @admin.display(description=gettext_lazy("name"), ordering="name_nl")
    def name(self, category: Category) -> str:
        """Where it stands, in the language of the reader."""
        return ABOVE.join(str(each) for each in path_of(category))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one has no address yet: it is made of its name."""
        (title, first), *others = super().get_fieldsets(request, obj)
        fields = [name for name in first["fields"] if obj or name != "slug"]
        return ((title, {**first, "fields": fields}), *others)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the signs that open another window; texts of a few lines each."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("queue", "junk_queue", "parent"):
            field.widget = field.widget.widget
        if db_field.name in ("introduction_nl", "introduction_en", "thanks_nl", "thanks_en"):
            field.widget.attrs["rows"] = 4
        if db_field.name in ("consent_nl", "consent_en", "origins"):
            field.widget.attrs["rows"] = 3
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Queues in use, and categories by where they stand."""
        if db_field.name in ("queue", "junk_queue"):
            kwargs["queryset"] = Queue.objects.filter(is_active=True).order_by("name")
        if db_field.name == "parent":
            rows = Category.objects.select_related(ABOVE_IT)
            field: Any = super().formfield_for_foreignkey(db_field, request, queryset=rows, **kwargs)
            field.label_from_instance = self.name
            return field
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """As a tree is read."""
        rows = list(Category.objects.order_by("position", "pk")[:TREE_MOST])
        places = [When(pk=row.pk, then=place) for place, (row, _depth) in enumerate(in_order(rows))]
        return [Case(*places, default=len(places), output_field=IntegerField())] if places else ["position"]

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> Any:
        """The fields in the order of their places, also where they were refused; a new one's is last."""
        formsets = super().get_inline_formsets(*args, **kwargs)
        for formset in formsets:
            *rows, empty = formset
            formset.rows = [*sorted(rows, key=lambda row: row.form.at), empty]
        return formsets

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Category, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """A new form begins with what each must have."""
        known: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if not obj.pk:
            rows = [{**row, "is_required": True, "place": 10 * n} for n, row in enumerate(FIRST_FIELDS, 1)]
            known["initial"] = rows
        return known

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A press on 'up' or 'down' of a field saves the form with that field moved."""
        if request.method == "POST" and MOVE in request.POST:
            request.POST = moved(request.POST)  # type: ignore[assignment]  # a changed copy, in its place
        return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With what was sent by each version, and where the preview comes from."""
        category = kwargs.get("obj")
        names = ("preview_of", [category.pk]) if category else ("preview", [])
        context |= {
            "versions": versions_of(category) if category else [],
            "preview_at": reverse(f"admin:webforms_category_{names[0]}", args=names[1]),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: Any) -> None:
        """A new one gets its address."""
        if not obj.slug:
            taken = set(Category.objects.values_list("slug", flat=True))
            obj.slug = new_slug(obj.name_nl, taken=taken)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """The fields as well; then it is what visitors get."""
        super().save_related(request, form, formsets, change)
        category: Category = form.instance
        before = category.versions.first()
        version = publish(category)
        if version is not None and before is not None and version != before:
            sentence = _(
                "This is version %(number)s now: what was sent by version %(before)s stays as it was "
                "read then."
            )
            numbers = {"number": version.number, "before": before.number}
            self.message_user(request, sentence % numbers, messages.INFO)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only of one by which nothing was sent, and below which nothing stands."""
        if obj is None:
            return False
        return not (obj.below.exists() or Submission.objects.filter(version__category=obj).exists())

    def preview(self, request: HttpRequest, category_id: int | None = None) -> HttpResponseBase:
        """The form as it stands on the page, saved or not; nothing is kept of it."""
        category = get_object_or_404(Category, pk=category_id) if category_id else Category()
        form = self.get_form(request, category if category_id else None)(request.POST, instance=category)
        form.is_valid()
        inline = FieldInline(Category, self.admin_site)
        formset = inline.get_formset(request, category if category_id else None)(
            **self.get_formset_kwargs(request, category, inline, "fields")
        )
        formset.is_valid()
        give_keys([row for _form, row, _read in formset.rows])
        if category.queue_id is None:
            return framed_form(request, None, language=language_of(request))
        shown = [(row.field, read.choices) for _f, row, read in formset.rows if row.field.is_active]
        return framed_form(request, spec_from(category, shown), language=language_of(request))

    def copy(self, request: HttpRequest, category_id: int) -> HttpResponse:
        """A new one with the same texts and fields, which is not in use yet."""
        category = get_object_or_404(Category, pk=category_id)
        with transaction.atomic():
            hold_names()
            made = copy_of(category)
        self.log_addition(request, made, [{"added": {}}])
        sentence = _("This is the copy. It is not in use yet: give it its own name, and tick 'active'.")
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:webforms_category_change", args=[made.pk]))

    def version(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """A version: when it was made, how many were sent by it, and the form as it was."""
        version = get_object_or_404(FormVersion.objects.select_related("category"), pk=version_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": version.category,
            "title": _("version %(number)s") % {"number": version.number},
            "version": version,
            "sent": Submission.objects.filter(version=version).count(),
            "is_newest": version == version.category.versions.first(),
            "language": language_of(request),
        }
        return TemplateResponse(request, "admin/webforms/category/version.html", context)

    def version_form(self, request: HttpRequest, version_id: int) -> HttpResponseBase:
        """What the frame of that page holds."""
        version = get_object_or_404(FormVersion, pk=version_id)
        return framed_form(request, version.spec, language=language_of(request), is_kept=True)
