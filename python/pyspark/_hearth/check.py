"""``hearth check job.py``: what a job calls of PySpark, before anything runs: supported, different, or not there.

The file is read, not run. Where the text says what a receiver is (a session, what a method of one returns, an annotation), its method is looked up there.
Elsewhere a method counts by its name, in every class of PySpark's API: a name that only some of them have here is "maybe" there. A name that no class has
belongs to the job itself. Options, formats and settings count where they stand as constants. Queries given to ``spark.sql`` are not looked into.
"""

from __future__ import annotations

import ast
import importlib
import json
import sys
from typing import AbstractSet, Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from pyspark._hearth import literals, refusals
from pyspark._hearth.receivers import Receivers

_CLASSES = (
    "pyspark.sql.session:SparkSession", "pyspark.sql.session:Builder", "pyspark.sql.dataframe:DataFrame", "pyspark.sql.column:Column",
    "pyspark.sql.group:GroupedData", "pyspark.sql.readwriter:DataFrameReader", "pyspark.sql.readwriter:DataFrameWriter", "pyspark.sql.window:Window",
    "pyspark.sql.window:WindowSpec", "pyspark.sql.catalog:Catalog", "pyspark.sql.conf:RuntimeConfig", "pyspark.sql.udf:UDFRegistration",
    "pyspark.context:SparkContext", "pyspark.rdd:RDD", "delta.tables:DeltaTable",
)  # fmt: skip

# Calls that run, with a difference that a result may show.
_SEED = "over a table a seed has no effect: other numbers than Spark's, and others in each run"
_DIFFERENT = {
    "rand": _SEED, "randn": _SEED, "sample": "the rows of a seed are others",
    "sampleBy": "the rows of a seed are others", "randomSplit": "the rows of a seed are others", "shuffle": "the order of a seed is another",
    "approx_count_distinct": "exact instead of approximate", "approxQuantile": "exact instead of approximate",
    "percentile_approx": "exact instead of approximate", "monotonically_increasing_id": "one partition: 0, 1, 2, ..",
    "applyInPandas": "the function runs in the driver's process", "mapInPandas": "the function runs in the driver's process",
    "spark_partition_id": "one partition: 0; refused after repartition(n)", "udf": "the function runs in the driver's process", "pandas_udf": "the function runs in the driver's process",
    "foreach": "runs in the driver's process", "foreachPartition": "runs in the driver's process",
}  # fmt: skip
_BY_COLUMN = ("DataFrame", "Column")
_MODULES = ("pyspark.ml", "pyspark.mllib", "pyspark.pandas", "pyspark.streaming", "pyspark.sql.streaming", "pyspark.sql.connect", "graphframes")
_REFUSED = "not there in the embedded engine"


class Finding(NamedTuple):
    """A call in the job."""

    line: int
    name: str
    state: str
    note: str


def check(source: str, file: str = "job.py") -> List[Finding]:
    """The calls of a job in their order, each name and state once a line."""
    tree = ast.parse(source, file)
    names = _Names(tree)
    receivers = Receivers(tree, _classes(), names.member)
    own = {target.attr for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Attribute)}
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = {(f.line, f.name): f for node in ast.walk(tree) for f in _findings(node, names, receivers, called)}
    # A job that sets an attribute brings it itself.
    found = {key: f for key, f in found.items() if f.state != "unsupported" or f.name.rsplit(".", 1)[-1] not in own}
    for refusal in literals.refused(tree):
        found[(refusal.line, refusal.name)] = Finding(*refusal)
    return [found[key] for key in sorted(found)]


class _Names:
    """What the job's imports mean."""

    def __init__(self, tree: ast.AST) -> None:
        self.modules: Dict[str, str] = {}
        self.members: Dict[str, Tuple[str, str]] = {}
        self.stars: List[str] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.modules[alias.asname or alias.name] = alias.name
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    self._member(node.module, alias.name, alias.asname or alias.name)

    def member(self, node: ast.AST) -> Any:
        """What an imported name, or a name of an imported module, stands for."""
        if isinstance(node, ast.Name):
            if node.id in self.members:
                module, member = self.members[node.id]
                return getattr(_module(module), member, None)
            starred = (getattr(_module(module), node.id, None) for module in self.stars)
            return next((found for found in starred if found is not None), None)
        if isinstance(node, ast.Attribute) and _dotted(node.value) in self.modules:
            return getattr(_module(self.modules[_dotted(node.value)]), node.attr, None)
        return None

    def _member(self, module: str, name: str, shown: str) -> None:
        if name == "*":
            self.stars.append(module)
        elif _module(f"{module}.{name}") is not None:
            self.modules[shown] = f"{module}.{name}"
        else:
            self.members[shown] = (module, name)


def _findings(node: ast.AST, names: _Names, receivers: Receivers, called: AbstractSet[int]) -> Iterator[Finding]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield from _import(node.lineno, alias.name)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from _import(node.lineno, node.module)
    elif isinstance(node, ast.Attribute):
        yield from _attribute(node, names, receivers, id(node) in called)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _bare(node, names)


def _import(line: int, module: str) -> Iterator[Finding]:
    if any(module == m or module.startswith(m + ".") for m in _MODULES):
        yield Finding(line, module, "unsupported", "the module is not there")


def _attribute(node: ast.Attribute, names: _Names, receivers: Receivers, called: bool) -> Iterator[Finding]:
    module = names.modules.get(_dotted(node.value))
    if module is not None and module.split(".")[0] in ("pyspark", "delta"):
        target = _module(module)
        if target is not None:
            yield from _judge(node.lineno, f"{module.rsplit('.', 1)[-1]}.{node.attr}", node.attr, [getattr(target, node.attr, None)], hasattr(target, node.attr))
        return
    if module is None and not node.attr.startswith("__"):
        receiver = receivers.of(node.value)
        if receiver is not None:
            yield from _of_receiver(node, receiver, called)
            return
        owners = [(path, cls.__dict__.get(node.attr, getattr(cls, node.attr, None))) for path, cls in _classes() if hasattr(cls, node.attr)]
        if owners:
            yield from _judge(node.lineno, node.attr, node.attr, [value for _, value in owners], True)


def _of_receiver(node: ast.Attribute, receiver: str, called: bool) -> Iterator[Finding]:
    target = dict(_classes())[receiver]
    if hasattr(target, node.attr):
        yield from _judge(node.lineno, node.attr, node.attr, [getattr(target, node.attr)], True)
    elif called or receiver not in _BY_COLUMN:
        yield Finding(node.lineno, f"{receiver}.{node.attr}", "unsupported", "there is no such name here")


def _bare(node: ast.Name, names: _Names) -> Iterator[Finding]:
    if node.id in names.members:
        module, member = names.members[node.id]
        if module.split(".")[0] in ("pyspark", "delta"):
            target = _module(module)
            if target is not None:
                yield from _judge(node.lineno, node.id, member, [getattr(target, member, None)], hasattr(target, member))
        return
    for module in names.stars:
        target = _module(module)
        if target is not None and node.id in getattr(target, "__all__", ()):
            yield from _judge(node.lineno, node.id, node.id, [getattr(target, node.id)], True)


def _judge(line: int, shown: str, name: str, values: List[Any], there: bool) -> Iterator[Finding]:
    refused = [_refusal(v) for v in values]
    if not there:
        yield Finding(line, shown, "unsupported", "there is no such name here")
    elif name in refusals.FUNCTIONS and any(str(getattr(v, "__module__", "")).startswith("pyspark.sql.functions") for v in values):
        yield Finding(line, shown, "unsupported", refusals.FUNCTIONS[name])
    elif all(refused):
        yield Finding(line, shown, "unsupported", refused[0] or "")
    elif any(refused):
        yield Finding(line, shown, "maybe", f"not on every receiver: {next(r for r in refused if r)}")
    elif name in _DIFFERENT:
        yield Finding(line, shown, "differs", _DIFFERENT[name])
    else:
        yield Finding(line, shown, "supported", "")


def _refusal(value: Any) -> Optional[str]:
    """What a refusing function or property says of itself, or None."""
    function = value.fget if isinstance(value, property) else value
    text = str(getattr(function, "__doc__", "") or "")
    if _REFUSED not in text.lower():
        return None
    inside = text[text.find("(") + 1 : text.rfind(")")] if "(" in text else text
    return inside.strip().rstrip(".") or "not there"


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""


def _module(name: str) -> Any:
    if name.split(".")[0] not in ("pyspark", "delta"):
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _classes() -> List[Tuple[str, Any]]:
    found = []
    for path in _CLASSES:
        module, name = path.split(":")
        found.append((name, getattr(importlib.import_module(module), name)))
    return found


def main(args: List[str]) -> int:
    """``FILE.. [--all] [--json]``: 0 when everything is there, 1 when something is not, 2 when a file cannot be read."""
    files = [a for a in args if not a.startswith("--")]
    findings: List[Dict[str, Any]] = []
    for file in files:
        try:
            with open(file, encoding="utf-8") as job:
                findings += [{"file": file, **f._asdict()} for f in check(job.read(), file)]
        except (OSError, SyntaxError, UnicodeDecodeError) as cause:
            print(f"hearth check: {file}: {cause}", file=sys.stderr)
            return 2
    missing = [f for f in findings if f["state"] == "unsupported"]
    if "--json" in args:
        print(json.dumps(findings, indent=2))
    else:
        for f in findings:
            if f["state"] != "supported" or "--all" in args:
                print(f"{f['file']}:{f['line']}: {f['state']}: {f['name']}{': ' + f['note'] if f['note'] else ''}")
        counts = {state: len({f["name"] for f in findings if f["state"] == state}) for state in ("supported", "differs", "maybe", "unsupported")}
        print(f"{counts['supported']} names supported, {counts['differs']} differ, {counts['maybe']} maybe, {counts['unsupported']} unsupported")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
