"""Copies of a lender's book that can be put back elsewhere and proved to be the same.

A backup is one tar file: the database as `pg_dump` writes it, the files that belong
to it, and last a manifest that says what is in it and what a restored book must add
up to.
"""
