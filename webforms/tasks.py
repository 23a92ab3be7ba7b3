"""What beat asks of this room."""

import logging

from celery import shared_task
from django.utils import timezone

from webforms.forgetting import forget

logger = logging.getLogger(__name__)


@shared_task(name="webforms.forget")
def forget_over() -> None:
    """Forget what nobody confirmed or sent; every hour."""
    if count := forget(now=timezone.now()):
        logger.info("forgot %s questions whose address nobody confirmed", count)
