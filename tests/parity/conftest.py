"""One Spark for every test that asks it: starting one takes longer than most of them."""

import importlib.util
import shutil
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    """A Spark on two cores that cuts even a small book into several pieces."""
    for package in ("pyspark", "ibis"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed: tools/setup.py spark")
    if shutil.which("java") is None:
        pytest.skip("There is no Java; Spark 4 wants 17 or 21")
    from daihou.columnar import spark

    found = spark.local_session(cores=2)
    found.conf.set("spark.sql.shuffle.partitions", "2")
    found.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "97")
    yield found
    found.stop()
