"""What the top of the house adds to the admin."""

from kvv.changes.addresses import AddressAdmin
from kvv.changes.agents import LeavingAgentAdmin
from kvv.changes.queues import QueueAdmin

__all__ = ["AddressAdmin", "LeavingAgentAdmin", "QueueAdmin"]
