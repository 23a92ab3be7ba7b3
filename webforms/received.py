"""Reading a form that a visitor has sent: who it is by its token, its files, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from webforms.asking import TRAP, Kept, VisitorForm, field_name, form_of, gone_name
from webforms.files import TooMuchError, drop, file_keys, keep, kept_of
from webforms.identity import Identity, UnknownFormError, identity_of, read_identity
from webforms.models import Category, FormVersion, Submission
from webforms.spec import FormSpec

TOKEN = "token"  # noqa: S105  (the name of a field)


class UnreadableError(Exception):
    """A request that is no form of ours: too many fields or files, or cut off."""

    sentence = gettext_lazy(
        "This form has more in it than was asked, or broke off on its way. Go back, and send it again."
    )


def require_readable(request: HttpRequest) -> QueryDict:
    """What was filled in, once it is read, and the files with it; raises `UnreadableError`."""
    try:
        return request.POST
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError) as error:
        raise UnreadableError from error


@dataclass(frozen=True, slots=True)
class Received:
    """What came: the version that it is read by, its identity from here on, the form, and what stands in the
    way besides what the form finds wrong itself, in a sentence.

    `sent`: what came of it already, where it was sent before.
    """

    version: FormVersion
    identity: Identity
    form: VisitorForm
    problem: str = ""
    sent: Submission | None = None

    @property
    def is_in_order(self) -> bool:
        """Whether it can be sent as it is."""
        return not self.problem and self.form.is_done


def receive(request: HttpRequest, newest: FormVersion, *, now: datetime) -> Received:
    """Read a form of this category; its files are kept, whatever is wrong with it.

    Raises `UnreadableError`.
    """
    data = require_readable(request)
    language = get_language() or ""
    version, identity, problem = _who(data.get(TOKEN, ""), newest, now=now)
    spec = version.spec
    sent = Submission.objects.filter(token=identity.token).first()
    if sent is not None:
        return Received(version, identity, form_of(spec, language=language, data=data), sent=sent)
    files, complaints = _files(request, spec, identity, now=now)
    form = form_of(spec, language=language, data=data, files=files)
    for key, complaint in complaints.items():
        form.add_error(field_name(key), complaint)
    return Received(version, identity, form, problem=problem or _trouble(form, identity, now=now))


def _files(
    request: HttpRequest, spec: FormSpec, identity: Identity, *, now: datetime
) -> tuple[Kept, dict[str, str]]:
    """The form's files: those that came are kept, those that were ticked dropped; and what is too much.

    That is said by the key of the first field that any came for: another one may not be asked.
    """
    keys = file_keys(spec)
    if not keys:
        return {}, {}
    gone = [int(pk) for key in keys for pk in request.POST.getlist(gone_name(key)) if _is_id(pk)]
    if gone:
        drop(identity.token, gone)
    came = {key: request.FILES.getlist(field_name(key)) for key in keys}
    first = next((key for key, files in came.items() if files), None)
    if first is None:
        return kept_of(identity.token), {}
    try:
        keep(identity.token, came, most=spec.files_most, now=now)
    except TooMuchError as error:
        return kept_of(identity.token), {first: str(error)}
    return kept_of(identity.token), {}


def _who(signed: str, newest: FormVersion, *, now: datetime) -> tuple[FormVersion, Identity, str]:
    """By which version it is read, its identity, and what is to be said of that."""
    try:
        identity = read_identity(signed, category=newest.category_id)
    except UnknownFormError:
        said = _(
            "This form could not be recognised, so nothing was sent. Look at it once more, and send it again."
        )
        return newest, identity_of(newest, now=now), said
    version = newest if identity.version == newest.pk else _version(newest.category, identity.version)
    if version is None or not identity.is_of(version):
        said = _("This form was changed while you filled it in. Look at it once more, and send it again.")
        return newest, identity.anew(newest, now=now), said
    if identity.is_over(now=now):
        said = _("You opened this form more than a day ago. Look at it once more, and send it again.")
        return version, identity.anew(version, now=now), said
    return version, identity, ""


def _version(category: Category, pk: int) -> FormVersion | None:
    version = category.versions.filter(pk=pk).first()
    if version is not None:
        version.category = category
    return version


def _trouble(form: VisitorForm, identity: Identity, *, now: datetime) -> str:
    """What tells a machine from a person."""
    if form.data.get(TRAP):
        return _("Something stood in a field that people leave empty. It is empty now: send the form again.")
    if identity.is_too_new(now=now):
        return _("That was quicker than anybody can be. Wait a moment, and send the form again.")
    return ""


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
