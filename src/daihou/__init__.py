"""Daihou 贷后: post-loan and delinquency management."""

__version__ = "0.1.0"
