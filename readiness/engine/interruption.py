"""Turns SIGINT and SIGTERM into a request to stop, so that the clean-up is always completed."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def on_interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` for every SIGINT, SIGTERM and SIGHUP, instead of what they do otherwise.

    Only the main thread can do so; in another one nothing changes. A signal that is ignored stays ignored (`nohup`).

    Args:
        stop: Runs between two instructions of the main thread: it must not take a lock.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, handle)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Finish what is inside, then act on the interruption that came meanwhile, if any."""
    came: list[None] = []
    with on_interrupt(lambda: came.append(None)):
        yield
    if came and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        raise KeyboardInterrupt
