"""Server: `python -m dagvandebuurt.serve`. gunicorn with gevent workers.

The patch comes before every other import, or a lock made by one of them would block the process.
"""

from gevent import monkey

monkey.patch_all()

from dagvandebuurt.core.shared_metrics import share_files  # noqa: E402

share_files()  # before prometheus_client is imported

import gc  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from gunicorn.app.base import BaseApplication  # noqa: E402

from dagvandebuurt.app import create_app  # noqa: E402
from dagvandebuurt.core import bind_check, logs, running  # noqa: E402
from dagvandebuurt.core.db import read_only  # noqa: E402
from dagvandebuurt.core.file_modes import make_private  # noqa: E402
from dagvandebuurt.core.shared_metrics import forget_process  # noqa: E402
from dagvandebuurt.listening import (  # noqa: E402
    HEAD_SECONDS,
    AnonymousLogger,
    Connections,
    raise_open_files,
    refuse_demo_data,
)
from dagvandebuurt.onboarding.announcing import announcement  # noqa: E402
from dagvandebuurt.parts import keys  # noqa: E402
from dagvandebuurt.rehearsal.crowd import Crowd  # noqa: E402
from dagvandebuurt.settings import load_installed  # noqa: E402


class Server(BaseApplication):
    """gunicorn application, configured by our own settings instead of a file."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for key, value in {
            "bind": f"{self._settings['HOST']}:{self._settings['PORT']}",
            "workers": self._settings["WORKERS"],
            "worker_class": Connections,
            "logger_class": AnonymousLogger,
            "worker_connections": 20_000,
            "keepalive": HEAD_SECONDS,
            "graceful_timeout": 10,
            "timeout": 60,
            "accesslog": None,  # IP addresses are not logged
            "control_socket_disable": True,
            # No header of a request decides its origin or host; ProxyFix trusts as many proxies as
            # TRUSTED_PROXIES counts.
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "post_worker_init": _start,
            "child_exit": _forget,
            "worker_exit": _stop,
        }.items():
            if key in self.cfg.settings:
                self.cfg.set(key, value)

    def load(self) -> Any:
        return create_app(self._settings)


def _start(worker: Any) -> None:
    tune_garbage_collector()
    logs.silence_libraries()  # once more: some are only imported, or made, by the app
    app = worker.wsgi
    app.extensions["live"].start()
    app.extensions["jobs"].start()  # in every worker: the one with the lease runs them
    if app.config["CROWD"]:
        _let_a_crowd_in(app)
    if app.config["REHEARSAL"]:
        app.extensions["crowd"] = Crowd(app)
        app.extensions["crowd"].start()
    if worker.age == 1 and (told := announcement(app)):
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()


def _let_a_crowd_in(app: Any) -> None:
    """Start the invented participants of the demo. Imported here: a real service has nothing of the demo."""
    from dagvandebuurt.demo.simulation import Simulation

    app.extensions["crowd"] = Simulation(app)
    app.extensions["crowd"].start()


def _forget(_server: Any, worker: Any) -> None:
    forget_process(worker.pid)


def tune_garbage_collector() -> None:
    """Freeze the objects of the start and raise the thresholds of the garbage collector.

    With thousands of connections each full collection costs a tenth of a second in which nobody is served;
    by default it ran so often that it used up to half of the processor.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def _stop(_server: Any, worker: Any) -> None:
    app = worker.wsgi
    if app is None:
        return
    if "crowd" in app.extensions:
        app.extensions["crowd"].stop()
    if "crowd" in app.extensions:
        app.extensions["crowd"].stop()
    app.extensions["jobs"].stop()
    app.extensions["live"].stop()


def main() -> None:
    """Serve until told to stop. Settings come from the environment."""
    settings = load_installed(os.environ)
    make_private(settings)
    logs.configure(settings)
    AnonymousLogger.formatter = logs.formatter_of(settings)
    refuse_demo_data(settings)
    try:
        held = running.hold(Path(settings["DATA_FOLDER"]))  # kept by the workers too
    except running.IsRunning:
        raise SystemExit("A restore or a move is at work here. Start again when it is done.") from None
    except OSError as failure:
        raise SystemExit(f"DATA_FOLDER cannot be used: {failure}.") from failure
    if said := (running.unfinished(Path(settings["DATA_FOLDER"])) or keys.refusal(settings)):
        raise SystemExit(said)
    if said := read_only(settings["SQLALCHEMY_DATABASE_URI"]):
        raise SystemExit(said)
    if said := bind_check.refusal(settings):
        raise SystemExit(said)
    raise_open_files()
    if not settings["TRUSTED_PROXIES"]:
        Connections.most_of_one = settings["SOCKETS_PER_NETWORK"]
    with held:
        Server(settings).run()


if __name__ == "__main__":
    main()
