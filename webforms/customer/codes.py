"""The code that opens a customer's page: six digits, mailed to the address of the link."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from webforms.models import PageCode

DIGITS, TRIES_MOST = 6, 5
HOLDS_FOR = timedelta(minutes=15)
SALT = "webforms.customer.code"


@transaction.atomic
def new_code(link: str, *, now: datetime) -> str:
    """A code for the link of this digest, in the place of any before it; what is long over is forgotten."""
    PageCode.objects.filter(expires__lt=now - HOLDS_FOR).delete()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = PageCode(link=link, code=_digest(link, code), expires=now + HOLDS_FOR, tries=0)
    PageCode.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["link"],
        update_fields=["code", "expires", "tries"],
    )
    return code


@transaction.atomic
def is_right(link: str, code: str, *, now: datetime) -> bool:
    """Whether it is the last code that was mailed for this link; that is spent then.

    A try is counted before it is made, so that many at once are no more than five.
    """
    open_to_try = PageCode.objects.filter(link=link, expires__gt=now, tries__lt=TRIES_MOST)
    if not open_to_try.update(tries=F("tries") + 1):
        return False
    row = PageCode.objects.get(link=link)
    if not constant_time_compare(row.code, _digest(link, code)):
        return False
    row.delete()
    return True


def _digest(link: str, code: str) -> str:
    return salted_hmac(SALT, f"{link}:{code}", algorithm="sha256").hexdigest()
