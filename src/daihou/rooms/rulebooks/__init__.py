"""The rules as data: read, compared, and changed by the lender under four eyes."""
