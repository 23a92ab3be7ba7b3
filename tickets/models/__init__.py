"""The tables of the domain. A model holds fields, constraints and predicates; it sends nothing."""

from tickets.models.also_received import AlsoReceived
from tickets.models.article import Article, Attachment
from tickets.models.asked import Asked
from tickets.models.bulk import Bulk, BulkTicket
from tickets.models.draft import Draft, Upload
from tickets.models.event import Event, EventTask
from tickets.models.finding import CustomerQueue, CustomerQueueDelta
from tickets.models.free_field import FieldPlace, FreeChoice, FreeField, FreeValue
from tickets.models.link import TicketLink
from tickets.models.lists import NumberDay, TicketSeen, TicketTally, TicketTallyDelta
from tickets.models.merge import TicketMerge
from tickets.models.ticket import CLOSED_TYPES, OPEN_TYPES, PENDING_TYPES, Priority, State, StateType, Ticket
from tickets.models.watcher import TicketWatcher

__all__ = [
    "CLOSED_TYPES",
    "OPEN_TYPES",
    "PENDING_TYPES",
    "AlsoReceived",
    "Article",
    "Asked",
    "Attachment",
    "Bulk",
    "BulkTicket",
    "CustomerQueue",
    "CustomerQueueDelta",
    "Draft",
    "Event",
    "EventTask",
    "FieldPlace",
    "FreeChoice",
    "FreeField",
    "FreeValue",
    "NumberDay",
    "Priority",
    "State",
    "StateType",
    "Ticket",
    "TicketLink",
    "TicketMerge",
    "TicketSeen",
    "TicketTally",
    "TicketTallyDelta",
    "TicketWatcher",
    "Upload",
]
