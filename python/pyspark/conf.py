"""SparkConf: the settings of an application."""

from __future__ import annotations

import os
from typing import Any, Dict, Iterable, List, Optional, Tuple

from pyspark.errors import PySparkRuntimeError


class SparkConf:
    """Keys and values as text. ``loadDefaults`` reads the properties that spark-submit left for this driver."""

    def __init__(self, loadDefaults: bool = True, _jvm: Any = None, _jconf: Any = None) -> None:
        self._values: Dict[str, str] = _submitted() if loadDefaults else {}

    def set(self, key: str, value: Any) -> "SparkConf":
        """Sets a key."""
        self._values[key] = _text(value)
        return self

    def setIfMissing(self, key: str, value: Any) -> "SparkConf":
        """Sets a key that is not set."""
        if key not in self._values:
            self.set(key, value)
        return self

    def setMaster(self, value: str) -> "SparkConf":
        """The master; kept for the record, the engine has none."""
        return self.set("spark.master", value)

    def setAppName(self, value: str) -> "SparkConf":
        """The name of the application."""
        return self.set("spark.app.name", value)

    def setSparkHome(self, value: str) -> "SparkConf":
        """Kept for the record."""
        return self.set("spark.home", value)

    def setExecutorEnv(
        self, key: Optional[str] = None, value: Optional[str] = None, pairs: Optional[List[Tuple[str, str]]] = None
    ) -> "SparkConf":
        """Environment variables of executors."""
        if (key is not None and pairs is not None) or (key is None and pairs is None):
            raise PySparkRuntimeError(message="Either `key` or `pairs` should be passed.", error_class="KEY_VALUE_PAIR_REQUIRED")
        for name, text in pairs or [(str(key), str(value))]:
            self.set(f"spark.executorEnv.{name}", text)
        return self

    def setAll(self, pairs: Iterable[Tuple[str, Any]]) -> "SparkConf":
        """Sets several keys."""
        for key, value in pairs:
            self.set(key, value)
        return self

    def get(self, key: str, defaultValue: Optional[str] = None) -> Optional[str]:
        """The value of a key, or the default."""
        return self._values.get(key, defaultValue)

    def getAll(self) -> List[Tuple[str, str]]:
        """All pairs."""
        return list(self._values.items())

    def contains(self, key: str) -> bool:
        """Whether the key is set."""
        return key in self._values

    def toDebugString(self) -> str:
        """One ``key=value`` a line, sorted."""
        return "\n".join(f"{key}={value}" for key, value in sorted(self._values.items()))

    def copy(self) -> "SparkConf":
        """A conf of its own with the same values."""
        other = SparkConf(False)
        other._values.update(self._values)
        return other


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _submitted() -> Dict[str, str]:
    """What spark-submit wrote for the driver: ``spark-defaults.conf``, then ``spark.properties`` over it."""
    directory = os.environ.get("SPARK_CONF_DIR")
    values: Dict[str, str] = {}
    for name in ("spark-defaults.conf", "spark.properties"):
        path = os.path.join(directory, name) if directory else ""
        if path and os.path.isfile(path):
            with open(path, encoding="utf-8") as lines:
                values.update(_properties(lines))
    return values


def _properties(lines: Iterable[str]) -> Dict[str, str]:
    values = {}
    for line in lines:
        text = line.strip()
        if not text or text[0] in "#!":
            continue
        end = next((i for i, c in enumerate(text) if c in "=: \t" and text[i - 1] != "\\"), len(text))
        key = text[:end].replace("\\:", ":").replace("\\=", "=")
        if key.startswith("spark."):
            values[key] = _unescaped(text[end:].strip().lstrip("=:").strip())
    return values


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    found, characters = [], iter(value)
    for c in characters:
        follow = next(characters, "") if c == "\\" else ""
        found.append({"n": "\n", "t": "\t", "r": "\r"}.get(follow, follow) if c == "\\" else c)
    return "".join(found)
