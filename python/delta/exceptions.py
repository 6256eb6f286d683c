"""Conflicts of concurrent changes, with the names of delta-spark."""

from __future__ import annotations

from typing import Dict, Type

from pyspark.errors.exceptions.base import PySparkException


class DeltaConcurrentModificationException(PySparkException):
    """Another commit is in the way; run the operation again."""


class ConcurrentWriteException(DeltaConcurrentModificationException):
    """A concurrent transaction wrote data."""


class MetadataChangedException(DeltaConcurrentModificationException):
    """The metadata of the table changed."""


class ProtocolChangedException(DeltaConcurrentModificationException):
    """The protocol of the table changed."""


class ConcurrentAppendException(DeltaConcurrentModificationException):
    """Files were added to what this transaction read."""


class ConcurrentDeleteReadException(DeltaConcurrentModificationException):
    """Files were deleted that this transaction read."""


class ConcurrentDeleteDeleteException(DeltaConcurrentModificationException):
    """Files were deleted that this transaction deletes too."""


class ConcurrentTransactionException(DeltaConcurrentModificationException):
    """The same streaming query runs twice."""


BY_CLASS: Dict[str, Type[DeltaConcurrentModificationException]] = {
    "DELTA_CONCURRENT_WRITE": ConcurrentWriteException,
    "DELTA_METADATA_CHANGED": MetadataChangedException,
    "DELTA_PROTOCOL_CHANGED": ProtocolChangedException,
    "DELTA_CONCURRENT_APPEND": ConcurrentAppendException,
    "DELTA_CONCURRENT_DELETE_READ": ConcurrentDeleteReadException,
    "DELTA_CONCURRENT_DELETE_DELETE": ConcurrentDeleteDeleteException,
    "DELTA_CONCURRENT_TRANSACTION": ConcurrentTransactionException,
}
