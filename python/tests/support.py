"""A session without an engine, and readers of case files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

from pyspark import SparkConf, SparkContext
from pyspark._hearth.launch import find_binary, named_socket
from pyspark.sql import SparkSession
from pyspark.sql.dataframe import DataFrame
from pyspark.sql.types.ddl import parse_struct

CASES = Path(__file__).parent / "cases"


class RecordingClient:
    """Stands where the engine's client stands: remembers requests, answers from a table."""

    def __init__(self, answers: Dict[str, Dict[str, Any]]) -> None:
        self.answers = answers
        self.requests: List[Tuple[str, Dict[str, Any]]] = []

    def request(self, op: str, **fields: Any) -> Dict[str, Any]:
        self.requests.append((op, json.loads(json.dumps(fields))))
        return self.answers.get(op, {})

    def stream(self, op: str, **fields: Any) -> Iterator[Dict[str, Any]]:
        self.requests.append((op, json.loads(json.dumps(fields))))
        rows = self.answers.get(op, {}).get("rows", [])
        yield {"batch": {"rows": rows}}
        yield {"ok": {"rows": len(rows)}}

    def connect(self) -> None:
        pass

    def close(self) -> None:
        pass


def offline_session(**answers: Dict[str, Any]) -> Tuple[SparkSession, RecordingClient]:
    """A session that builds plans and asks nobody to analyse them."""
    client = RecordingClient({op.replace("_", "-"): answer for op, answer in answers.items()})
    context = SparkContext(conf=SparkConf(False).setMaster("local[2]").setAppName("tests"))
    return SparkSession(context, _client=client, _analyze_eagerly=False), client  # type: ignore[arg-type]


def table(session: SparkSession, name: str, ddl: str) -> DataFrame:
    """A DataFrame of a table with a known schema."""
    frame = session.table(name)
    frame._plan["id"] = name
    frame._schema = parse_struct(ddl)
    return frame


def without_ids(plan: Any) -> Any:
    """A plan as a case file writes it: the tables by name with ``$``, other ids left out."""
    if isinstance(plan, dict):
        if plan.get("t") == "table":
            return "$" + plan["name"]
        return {key: without_ids(value) for key, value in plan.items() if key != "id"}
    return [without_ids(item) for item in plan] if isinstance(plan, list) else plan


def cases(name: str) -> List[Tuple[int, str, str]]:
    """The cases of a file: line number, input, expected; separated by blank lines, ``#`` starts a comment."""
    found: List[Tuple[int, str, str]] = []
    block: List[str] = []
    start = 0
    lines = (CASES / name).read_text(encoding="utf-8").splitlines() + [""]
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        if line.strip():
            start = start if block else number
            block.append(line)
        elif block:
            found.append((start, block[0], "\n".join(block[1:])))
            block = []
    return found


def why_no_engine() -> str:
    """Why tests that need a real engine are skipped; empty when there is one."""
    if named_socket() or find_binary():
        return ""
    return "needs an engine: set HEARTH_BIN to the hearth program, or put it on PATH"
