"""A listener that runs beside a test."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from blobs.models import Blob
from mailgate.listener import Listener
from mailgate.models import InboundMessage


@contextmanager
def running_listener(*, lmtp: bool = False) -> Iterator[Listener]:
    """On a free port, in a thread with an event loop of its own; what it kept is forgotten afterwards."""
    server, loop = Listener(host="127.0.0.1", port=0, lmtp=lmtp), asyncio.new_event_loop()
    loop.run_until_complete(server.start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(timeout=5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.wait_for(loop.shutdown_asyncgens(), 1))
        loop.close()
        InboundMessage.objects.all().delete()
        Blob.objects.all().delete()
