"""The site as people run it, at noon of the day that is open in the measured book.

`python -m bench.site --port N [--workers 2] [--threads 4]`: by night the gate lets
nobody be called, and a measurement of the desk would measure that.
"""

import argparse

from bench.cases import NOON


def main() -> None:
    """Serve the home of this process until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    how = parser.parse_args()
    from daihou.config import clock, processes, wiring

    processes.end_with_parent()
    clock.go_on_from(NOON)
    wiring.start()
    from daihou.config.web import Web

    bind = f"127.0.0.1:{how.port}"
    Web(bind=bind, workers=how.workers, threads=how.threads).run()


if __name__ == "__main__":
    main()
