"""The book on Spark: the texts of one machine, for one piece of the book at a time.

Spark deals rows out so that all rows of a loan, or of a customer, meet in one partition
(`pieces`), and adds up the cells of months (`figures`); every rule is that of `columnar`.
"""

from daihou.columnar.spark.positions import settle_on_spark
from daihou.columnar.spark.starting import local_session, session

__all__ = ["local_session", "session", "settle_on_spark"]
