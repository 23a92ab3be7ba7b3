"""The lists by the name of their address: which tickets each has. A new list is a row."""

from collections.abc import Mapping

from desk.dashboard import list as box_list
from desk.lists import customer, escalation, followed, for_me, mine, organisation, queues, status
from desk.lists.place import Select

LISTS: Mapping[str, Select] = {
    "desk:home": box_list.select_shown,
    "desk:box": box_list.select,
    "desk:queues": queues.select,
    "desk:queue": queues.select,
    "desk:status": status.select,
    "desk:escalation": escalation.select,
    "desk:escalation_of": escalation.select,
    "desk:my_locked": mine.select_locked,
    "desk:my_owned": mine.select_owned,
    "desk:my_asked": for_me.select,
    "desk:my_followed": followed.select,
    "desk:customer_page": customer.select,
    "desk:customer_tickets": customer.select,
    "desk:organisation_page": organisation.select,
}
