"""Server with fault injection. The app is patched here and contains none of it.

DVB_FAIL_AT     before_commit, after_commit, before_ack, before_broadcast, or several: kill -9 itself there …
DVB_FAIL_CHANCE … with this probability, each time
DVB_SABOTAGE    ack_early: acknowledge before the commit. no_replay: discard stored results.
no_changes: broadcast no changes. no_push: broadcast nothing, not even a tick.
hold_connection: forms keep their pooled connection while they wait for the writer.
"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import random  # noqa: E402
import threading  # noqa: E402
from contextlib import nullcontext  # noqa: E402

from dagvandebuurt import serve  # noqa: E402
from dagvandebuurt.live import pump, runtime, writer, writes  # noqa: E402

FAIL_AT = os.environ.get("DVB_FAIL_AT", "").split()
CHANCE = float(os.environ.get("DVB_FAIL_CHANCE", "0"))
SABOTAGE = os.environ.get("DVB_SABOTAGE", "")


def maybe_die(where: str) -> None:
    if where in FAIL_AT and random.random() < CHANCE:
        os.kill(os.getpid(), 9)


store_results, execute, tell, do = writes.store_results, writes.execute, pump.Pump._tell, writer.Writer.do
done, send = runtime.Live.do, runtime.Live._send


def store_then_die(done, now):
    store_results(done, now)
    maybe_die("before_commit")


def execute_then_die(batch):
    outcomes = execute(batch)
    maybe_die("after_commit")
    return outcomes


def do_then_die(self, *args):
    outcome = done(self, *args)
    maybe_die("before_ack")
    return outcome


def die_then_tell(self, *args):
    maybe_die("before_broadcast")
    return tell(self, *args)


def send_less(self, event, payload, to):
    if SABOTAGE == "no_changes" and event == "session:tick":
        send(self, event, payload, to)


def acknowledge_first(self, write):
    threading.Timer(0.05, do, (self, write)).start()
    return {
        "ok": True,
        "revision": 0,
        "id": str(getattr(write.act, "question", "")),
        "support": 0,
        "on": True,
    }


writes.store_results = store_then_die
writes.execute = execute_then_die
runtime.Live.do = do_then_die
pump.Pump._tell = die_then_tell
if SABOTAGE in ("no_changes", "no_push"):
    runtime.Live._send = send_less
if SABOTAGE == "ack_early":
    writer.Writer.do = acknowledge_first
if SABOTAGE == "hold_connection":
    runtime.release_connection, writer.reserved = lambda: None, nullcontext
if SABOTAGE == "no_replay":
    writes.stored_results = lambda _writes: {}
    writes.store_results = lambda _done, _now: maybe_die("before_commit")

if __name__ == "__main__":
    serve.main()
