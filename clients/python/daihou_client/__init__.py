"""A typed client of the Daihou API."""

from daihou_client import shapes
from daihou_client.client import Client
from daihou_client.shapes import *
from daihou_client.transport import Problem, Transport

__all__ = ["Client", "Problem", "Transport"]
__all__ += shapes.__all__
