"""Who finds which customer."""

from django.db import models

from accounts.models import Customer
from queues.models import Queue


class Findable(models.Model):
    """A customer's word in a queue. No constraint: a trigger writes it, of a ticket that has both."""

    queue = models.ForeignKey(
        Queue, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    word = models.CharField(max_length=100, db_collation="C")
    n = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.queue_id} {self.word} {self.customer_id}: {self.n:+}"


class CustomerQueue(Findable):
    """In how many tickets of a queue a customer is who is found by this word, up to the deltas.

    Whoever sees the queue finds them by it (`tickets.queries.customers`).
    """

    pk = models.CompositePrimaryKey("queue", "word", "customer")


class CustomerQueueDelta(Findable):
    """Appended by triggers at tickets and at customers' words; nobody waits for anybody else's.

    Beat folds them in; a customer is found where the sum of both is more than nothing, always.
    """

    class Meta:
        indexes = [models.Index(fields=["queue", "word", "customer"], name="customer_queue_delta")]
