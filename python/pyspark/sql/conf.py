"""Settings of a session."""

from __future__ import annotations

from typing import Any, Optional

from pyspark._hearth.args import need_str
from pyspark._hearth.client import EngineClient
from pyspark.errors import PySparkException, SparkNoSuchElementException

_NOT_GIVEN: Any = object()


class RuntimeConfig:
    """``spark.conf``."""

    def __init__(self, client: EngineClient) -> None:
        self._client = client

    def set(self, key: str, value: Any) -> None:
        """Sets a key."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        self._client.request("conf-set", key=key, value=text)

    def get(self, key: str, default: Optional[str] = _NOT_GIVEN) -> Optional[str]:
        """The value of a key, or the default; without one it is an error when the key is not set."""
        need_str(key, "key")
        try:
            value = self._client.request("conf-get", key=key).get("value")
        except PySparkException:
            if default is _NOT_GIVEN:
                raise
            return default
        if value is None and default is _NOT_GIVEN:
            raise SparkNoSuchElementException(
                message=f'The SQL config "{key}" cannot be found. Please verify that the config exists.',
                error_class="SQL_CONF_NOT_FOUND",
            )
        return default if value is None else str(value)

    def unset(self, key: str) -> None:
        """Back to the default."""
        self._client.request("conf-unset", key=key)

    def isModifiable(self, key: str) -> bool:
        """Whether the key can be set while the session lives."""
        return key.startswith("spark.sql.") and key not in _STATIC


_STATIC = {
    "spark.sql.warehouse.dir",
    "spark.sql.extensions",
    "spark.sql.catalogImplementation",
    "spark.sql.globalTempDatabase",
}
