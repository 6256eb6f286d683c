"""Plan nodes of the engine protocol, as plain dicts; every node of a DataFrame has an id."""

from __future__ import annotations

import itertools
from typing import Any, Dict

Plan = Dict[str, Any]

_ids = itertools.count(1)


def node(kind: str, **fields: Any) -> Plan:
    """A node with a fresh id; fields that are None are left out."""
    return {"t": kind, "id": str(next(_ids)), **{key: value for key, value in fields.items() if value is not None}}


def partitions(plan: Plan, default: int) -> int:
    """How many partitions Spark would report: asked for by repartition and coalesce, or the default for rows made here."""
    if plan["t"] == "repartition":
        asked = int(plan.get("n") or default)
        return asked if plan["shuffle"] else min(asked, partitions(plan["in"], default))
    if plan["t"] in ("range", "local"):
        return default
    return partitions(plan["in"], default) if plan["t"] in _NARROW else 1


_NARROW = {"project", "withColumns", "filter", "drop", "rename", "names", "alias", "fillna", "dropna", "sample"}


def adopt(plan: Plan) -> Plan:
    """A plan that the engine gave, with an id of ours."""
    return node("project", **{"in": plan}, exprs=[{"t": "star"}]) if plan["t"] == "cached" else {**plan, "id": str(next(_ids))}
