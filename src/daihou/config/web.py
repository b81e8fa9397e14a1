"""The web server: gunicorn with threads, bound to this machine."""

from typing import Any

from gunicorn.app.base import BaseApplication


class Web(BaseApplication):
    """Gunicorn with our settings, in this process."""

    def __init__(self, *, bind: str, workers: int, threads: int) -> None:
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
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from daihou.config.wsgi import application

        return application
