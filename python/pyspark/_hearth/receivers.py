"""What class a value of a job has, as far as the text says it: assignments, and the return types that PySpark's methods declare."""

from __future__ import annotations

import ast
import re
from typing import Any, Callable, Dict, List, Optional, Tuple

_CONVENTIONS = {"spark": "SparkSession", "sc": "SparkContext"}
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_NO_COLUMN = ("udf", "pandas_udf", "udtf", "broadcast")


class Receivers:
    """Classes of names and expressions. A name that gets values of several classes, or of none that is known, has none."""

    def __init__(self, tree: ast.AST, classes: List[Tuple[str, Any]], member: Callable[[ast.AST], Any]) -> None:
        self._classes = dict(classes)
        self._member = member
        self._names: Dict[str, Optional[str]] = {}
        # Twice: a name may be used above the place that gives it a value.
        for _ in range(2):
            fresh: Dict[str, Optional[str]] = {}
            for node in ast.walk(tree):
                for name, found in self._given(node):
                    fresh[name] = found if fresh.get(name, found) == found else None
            self._names = fresh

    def of(self, node: ast.AST) -> Optional[str]:
        """The class of an expression, or None."""
        if isinstance(node, ast.Name):
            return self._names[node.id] if node.id in self._names else _CONVENTIONS.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.of(node.value)
            return self._declared(getattr(self._classes[owner], node.attr, None), of_property=True) if owner else self._class_of(node)
        if isinstance(node, ast.Call):
            return self._result(node)
        if isinstance(node, ast.Subscript):
            return "Column" if self.of(node.value) in ("DataFrame", "Column") else None
        if isinstance(node, (ast.BinOp, ast.Compare, ast.UnaryOp)):
            inner = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, *([node.right] if isinstance(node, ast.BinOp) else node.comparators)]
            return "Column" if any(self.of(part) == "Column" for part in inner) else None
        return None

    def _result(self, node: ast.Call) -> Optional[str]:
        function = node.func
        if isinstance(function, ast.Attribute):
            owner = self.of(function.value)
            if owner:
                return self._declared(getattr(self._classes[owner], function.attr, None))
        found = self._member(function)
        if getattr(found, "__module__", "").startswith("pyspark.sql.functions") and not isinstance(found, type):
            return "DataFrame" if found.__name__ == "broadcast" else None if found.__name__ in _NO_COLUMN else "Column"
        return getattr(found, "__name__", None) if isinstance(found, type) and found.__name__ in self._classes else self._declared(found)

    def _class_of(self, node: ast.AST) -> Optional[str]:
        # SparkSession.builder
        if isinstance(node, ast.Attribute):
            owner = self._member(node.value)
            if isinstance(owner, type) and node.attr == "builder":
                return "Builder"
        return None

    def _declared(self, value: Any, of_property: bool = False) -> Optional[str]:
        function = value.fget if isinstance(value, property) else value
        if isinstance(value, property) != of_property:
            return None
        said = getattr(function, "__annotations__", {}).get("return")
        # The class itself, or one of something: "RDD[Any]".
        found = _WORD.search(said if isinstance(said, str) else getattr(said, "__name__", ""))
        return found.group() if found and found.group() in self._classes else None

    def _given(self, node: ast.AST) -> List[Tuple[str, Optional[str]]]:
        if isinstance(node, ast.Assign):
            return [(target.id, self.of(node.value)) for target in node.targets if isinstance(target, ast.Name)] + [
                (part.id, None) for target in node.targets if isinstance(target, (ast.Tuple, ast.List)) for part in target.elts if isinstance(part, ast.Name)
            ]
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            return [(node.target.id, self._annotated(node.annotation) or (self.of(node.value) if node.value else None))]
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return [(item.optional_vars.id, self.of(item.context_expr)) for item in node.items if isinstance(item.optional_vars, ast.Name)]
        if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)) and isinstance(node.target, ast.Name):
            return [(node.target.id, None)]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return [(arg.arg, self._annotated(arg.annotation) or _CONVENTIONS.get(arg.arg)) for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        return []

    def _annotated(self, node: Optional[ast.AST]) -> Optional[str]:
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        name = str(text).rsplit(".", 1)[-1]
        return name if name in self._classes else None
