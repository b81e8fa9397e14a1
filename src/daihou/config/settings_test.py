"""Settings of the test run: a home and a database server of its own, gone afterwards.

The first process makes the home and names it in the environment, so that the
workers it starts share its server; each worker has a database of its own in it,
and a folder of its own for files, so that none sweeps up after another.
"""

import os
import tempfile
from pathlib import Path

TEST_HOME = os.environ.get("DAIHOU_TEST_HOME")
if not TEST_HOME:
    TEST_HOME = os.environ["DAIHOU_TEST_HOME"] = tempfile.mkdtemp(prefix="daihou-test-")
os.environ["DAIHOU_HOME"] = TEST_HOME

from daihou.config.settings import *

DAIHOU_HOME = Path(TEST_HOME) / os.environ.get("PYTEST_XDIST_WORKER", "alone")
DAIHOU_HOME.mkdir(exist_ok=True)

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
