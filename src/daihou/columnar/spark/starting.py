"""A Spark session whose workers run this very Python."""

import os
import sys

from pyspark.sql import SparkSession


def local_session(*, cores: int | None = None) -> SparkSession:
    """Return a Spark on this machine; `cores` None: all there are."""
    return session(f"local[{cores or '*'}]")


def session(master: str) -> SparkSession:
    """Return a Spark whose workers, on this machine, run this very Python.

    `master` as Spark writes it: `local[2]`, `spark://host:port`. Without
    PYSPARK_PYTHON workers take the first `python3` on the path, which knows nothing of
    numba; on a cluster it must be set to theirs.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    asked = (
        SparkSession.builder.master(master)
        .appName("daihou")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
        # Whole tables go through this process, in and out.
        .config("spark.driver.memory", "4g")
        .config("spark.driver.maxResultSize", "0")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "100000")
    )
    if master.startswith("local"):  # nobody else needs to reach it
        asked = asked.config("spark.driver.host", "127.0.0.1")
        asked = asked.config("spark.driver.bindAddress", "127.0.0.1")
    return asked.getOrCreate()
