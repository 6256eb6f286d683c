"""Prints ``__init__.pyi``: the generated functions as editors and type checkers see them.

``python3 -m pyspark.sql.functions._stubs > pyspark/sql/functions/__init__.pyi``
"""

from __future__ import annotations

import inspect
from typing import Any, List

from pyspark.sql.functions import _aggregates, _collections, _datetime, _math, _misc, _special, _strings
from pyspark.sql.functions._make import KIND_TYPES, arguments_of

_HEAD = '''"""Made by _stubs.py out of the tables; the functions themselves are made when the package is imported."""

from typing import Any, Callable, Optional, Union

from pyspark.sql.column import Column as Column
from pyspark.sql.column import ColumnOrName
'''


def stub_text() -> str:
    """The whole stub file."""
    names: List[str] = sorted(name for name in _special.SPECIAL)
    imports = [f"from pyspark.sql.functions._special import {name} as {name}" for name in names]
    lines: List[str] = []
    for table in (_math, _strings, _datetime, _collections, _aggregates, _misc):
        for name, arguments in arguments_of(table.TABLE):
            lines.append(f"def {name}({', '.join(_parameter(a) for a in arguments)}) -> Column: ...")
    return "\n".join([_HEAD + "\n".join(imports), "", *sorted(lines)]) + "\n"


def _parameter(argument: Any) -> str:
    kind = KIND_TYPES[argument.kind.lstrip("*")]
    if argument.kind.startswith("*"):
        return f"*{argument.name}: Any"
    if argument.default is inspect.Parameter.empty:
        return f"{argument.name}: {kind}"
    return f"{argument.name}: {kind if argument.default is not None else f'Optional[{kind}]'} = ..."


if __name__ == "__main__":
    print(stub_text(), end="")
