"""The web server: gunicorn with threads, bound to this machine."""

import os
import shutil
import tempfile
import threading
from typing import Any

from gunicorn.app.base import BaseApplication


def _warm_up(_worker: Any) -> None:
    """Read the register of loans before somebody waits for it."""

    def read() -> None:
        from django.db import connection

        from daihou.rooms.ledger import door as ledger

        try:
            ledger.book.register()
        finally:
            connection.close()

    threading.Thread(target=read, name="warm-up", daemon=True).start()


def _share_counts() -> None:
    """Give the processes of this site one folder to count in, gone afterwards.

    It must be named before the metrics are first imported.
    """
    name = "PROMETHEUS_MULTIPROC_DIR"
    if name not in os.environ:
        os.environ[name] = tempfile.mkdtemp(prefix="daihou-metrics-")


def _forget_counts(_arbiter: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


class Web(BaseApplication):
    """Gunicorn with our settings, in this process."""

    def __init__(self, *, bind: str, workers: int, threads: int) -> None:
        _share_counts()
        self._options = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 120,
            "graceful_timeout": 3,
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "daihou",
            "control_socket_disable": True,
            "post_worker_init": _warm_up,
            "on_exit": _forget_counts,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from daihou.config.wsgi import application

        return application
