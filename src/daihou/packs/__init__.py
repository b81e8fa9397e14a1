"""Reads rulebooks and products (YAML, package data) into values of the engine."""
