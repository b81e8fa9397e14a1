"""Digests of Arrow tables by content: chunking and file format do not matter."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

LENGTH: Final = 32  # hex digits kept, 128 bits


def _words(column: pa.ChunkedArray) -> tuple[bytes, pa.Array]:
    """A text column as its sorted words and, per row, which one."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    words = encoded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(max(1, len(words)), np.int32)
    rank[order] = np.arange(len(words), dtype=np.int32)
    indices = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    listed = "\x00".join(words[place] for place in order).encode()
    return listed, pa.array(rank[indices] if len(words) else indices)


def _column(name: str, column: pa.ChunkedArray) -> bytes:
    known = hashlib.sha256(f"{name}:{column.type}:{len(column)}".encode())
    if column.null_count:
        missing = column.is_null().to_numpy()
        known.update(np.packbits(missing).tobytes())
    if pa.types.is_string(column.type):
        listed, column = _words(column)
        known.update(listed)
    elif pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    elif pa.types.is_null(column.type):
        return known.digest()
    if column.null_count:
        column = pc.fill_null(column, 0)
    values = np.ascontiguousarray(column.to_numpy())
    known.update(values.data)
    return known.digest()


def table_digest(table: pa.Table, *, threads: int = 2) -> str:
    """Digest of names, types, values and their order; 32 hex digits."""
    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(_column, table.column_names, table.columns)
        return hashlib.sha256(b"".join(parts)).hexdigest()[:LENGTH]


def digest_of(*parts: str) -> str:
    """Digest of several digests."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:LENGTH]
