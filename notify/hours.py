"""When a reminder may leave: nobody is to be reminded of work by night (OTRS 2.12)."""

from datetime import datetime, timedelta

from queues.worktime import WorkCalendar, add_working_time


def tellable_from(calendar: WorkCalendar, *, now: datetime) -> datetime:
    """Now, while is worked, else when work begins; now, where nobody ever works."""
    return add_working_time(now, timedelta(), calendar) or now
