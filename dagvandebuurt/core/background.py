"""Background thread with an orderly stop: the base of everything that works beside the requests of a process
(the pump, the writer, heartbeats, revocation, wake-ups, the job runner).
"""

import threading
from collections.abc import Callable

STOP_SECONDS = 10.0  # longest wait for the end of what it is doing; one that hangs ends with the process


class BackgroundThread:
    """Daemon thread that runs `work`, which looks at `is_stopping` between its turns and ends soon after.

    It can be started again after a stop. `wakes` are the events that `work` waits for: a stop sets them.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        *,
        wakes: threading.Event | None = None,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self._name, self._work, self._wakes = name, work, wakes
        self._stop_seconds = stop_seconds
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, and wait for that at most `stop_seconds`. Harmless when it does not run."""
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join(self._stop_seconds)
            self._thread = None

    def ask_to_stop(self) -> None:
        """Ask it to end without waiting: for several that end side by side."""
        self._stopping.set()
        if self._wakes is not None:
            self._wakes.set()

    def pause(self, seconds: float) -> bool:
        """Wait, or less when it is stopped meanwhile. Returns whether it is."""
        return self._stopping.wait(seconds)
