"""Samples, splits and statistics."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Tuple, Union

from pyspark._hearth import exprs
from pyspark._hearth.args import flatten, need_str, wrong
from pyspark._hearth.exprs import Expr
from pyspark.errors import IllegalArgumentException, PySparkTypeError
from pyspark.sql._frame.core import Core, quoted
from pyspark.sql.column import Column, ColumnOrName, to_expr
from pyspark.sql.types import ArrayType, DoubleType, NumericType, StringType, StructField, StructType

if TYPE_CHECKING:
    from pyspark.sql.dataframe import DataFrame

_DESCRIBE = ("count", "mean", "stddev", "min", "max")
_SUMMARY = ("count", "mean", "stddev", "min", "25%", "50%", "75%", "max")
_RANDOM = "__random_split"


class Stats(Core):
    """What ``df.stat`` offers, and samples."""

    def sample(self, withReplacement: Any = None, fraction: Any = None, seed: Any = None) -> "DataFrame":
        """A random part of the rows: ``sample(0.1)``, ``sample(0.1, 3)`` or ``sample(False, 0.1, 3)``."""
        if isinstance(withReplacement, float) and not isinstance(withReplacement, bool):
            fraction, seed = withReplacement, seed if seed is not None else fraction
            withReplacement = None
        if not isinstance(fraction, (float, int)) or isinstance(fraction, bool):
            raise PySparkTypeError(
                message="Argument `fraction` is required and should be a float; `withReplacement` a bool, `seed` an int.",
                error_class="NOT_BOOL_OR_FLOAT_OR_INT",
            )
        replace = bool(withReplacement)
        if fraction < 0 or (fraction > 1 and not replace):
            raise IllegalArgumentException(message=f"requirement failed: Sampling fraction ({fraction}) must be on interval [0, 1]")
        chosen = random.getrandbits(31) if seed is None else int(seed)
        if replace:
            return self._repeated(float(fraction), chosen)
        return self._derive("sample", fraction=float(fraction), seed=chosen, replace=False)

    def _repeated(self, mean: float, seed: int) -> "DataFrame":
        """Each row as often as a Poisson distribution of the mean draws."""
        drawn = exprs.call("rand", exprs.lit(seed))
        likely = term = math.exp(-mean)
        branches, count = [], 0
        while likely < 1 - 1e-12 and count < 10_000:
            branches.append([exprs.call("<", exprs.col(_RANDOM), exprs.lit(likely)), exprs.lit(count)])
            count += 1
            term *= mean / count
            likely += term
        copies = exprs.call("array_repeat", exprs.lit(0), exprs.case(branches, exprs.lit(count)))
        numbered = self._derive("withColumns", exprs=[exprs.alias(drawn, _RANDOM)])
        repeated = numbered._derive("withColumns", exprs=[exprs.alias(exprs.call("explode", copies), _RANDOM)])
        return repeated._derive("drop", cols=[_RANDOM])

    def randomSplit(self, weights: List[float], seed: Optional[int] = None) -> List["DataFrame"]:
        """The rows in disjoint random parts, sized about as the weights."""
        if any(weight < 0 for weight in weights):
            raise IllegalArgumentException(message=f"Weights must be positive. Found weights: {weights}")
        total = float(sum(weights))
        chosen = random.getrandbits(31) if seed is None else int(seed)
        drawn = exprs.alias(exprs.call("rand", exprs.lit(chosen)), _RANDOM)
        numbered = self._derive("withColumns", exprs=[drawn]).persist()
        parts, lower = [], 0.0
        for index, weight in enumerate(weights):
            upper = 1.0 if index == len(weights) - 1 else lower + weight / total
            parts.append(_between(numbered, lower, upper))
            lower = upper
        return parts

    def sampleBy(self, col: ColumnOrName, fractions: Dict[Any, float], seed: Optional[int] = None) -> "DataFrame":
        """A random part of the rows of each group."""
        if not isinstance(fractions, dict):
            wrong("NOT_DICT", "fractions", fractions)
        key = to_expr(col)
        drawn = exprs.call("rand", exprs.lit(random.getrandbits(31) if seed is None else seed))
        branches = [
            [exprs.call("==", key, exprs.lit(k)), exprs.call("<", drawn, exprs.lit(float(f)))]
            for k, f in fractions.items()
        ]
        return self._derive("filter", cond=exprs.case(branches, exprs.lit(False)))

    def describe(self, *cols: Union[str, List[str]]) -> "DataFrame":
        """Count, mean, standard deviation, least and greatest of the columns, as text."""
        return self._table(_DESCRIBE, [need_str(c, "cols") for c in flatten(cols)])

    def summary(self, *statistics: str) -> "DataFrame":
        """The statistics named, or the usual ones with quartiles, as text."""
        return self._table(tuple(flatten(statistics)) or _SUMMARY, [])

    def _table(self, statistics: Sequence[str], names: List[str]) -> "DataFrame":
        fields = [f for f in self.schema.fields if isinstance(f.dataType, (NumericType, StringType))]
        if names:
            by_name = {f.name.lower(): f for f in self.schema.fields}
            fields = [by_name[n.lower()] if n.lower() in by_name else _missing(self, n) for n in names]
        schema = StructType([StructField("summary", StringType())] + [StructField(f.name, StringType()) for f in fields])
        if not fields:
            return self._session._local([[statistic] for statistic in statistics], schema)
        aggs = [
            exprs.alias(exprs.cast(_statistic(s, f), StringType()), f"s{i}_{j}")
            for i, s in enumerate(statistics)
            for j, f in enumerate(fields)
        ]
        values = list(self._derive("aggregate", keys=[], aggs=aggs, grouping="groupby").collect()[0])
        width = len(fields)
        rows = [[s, *values[i * width : (i + 1) * width]] for i, s in enumerate(statistics)]
        return self._session._local(rows, schema)

    def approxQuantile(
        self, col: Union[str, List[str], Tuple[str, ...]], probabilities: Sequence[float], relativeError: float
    ) -> Any:
        """Values at the probabilities, for a column or for each of several; the embedded engine gives exact ones."""
        names = [col] if isinstance(col, str) else list(col)
        points = exprs.call("array", *[exprs.lit(float(p)) for p in probabilities])
        as_doubles = ArrayType(DoubleType())
        aggs = [
            exprs.alias(exprs.cast(exprs.call("percentile_approx", to_expr(n), points), as_doubles), f"q{i}")
            for i, n in enumerate(names)
        ]
        row = self._derive("aggregate", keys=[], aggs=aggs, grouping="groupby").collect()[0]
        found = [list(values or []) for values in row]
        return found[0] if isinstance(col, str) else found

    def corr(self, col1: str, col2: str, method: Optional[str] = None) -> float:
        """Pearson's correlation of two columns."""
        if method not in (None, "pearson"):
            raise IllegalArgumentException(message="Currently only the calculation of the Pearson Correlation is supported.")
        return self._number("corr", col1, col2)

    def cov(self, col1: str, col2: str) -> float:
        """The sample covariance of two columns."""
        return self._number("covar_samp", col1, col2)

    def _number(self, function: str, *names: str) -> float:
        value = exprs.alias(exprs.call(function, *[to_expr(need_str(n, "col")) for n in names]), "value")
        found = self._derive("aggregate", keys=[], aggs=[value], grouping="groupby").collect()[0][0]
        return float("nan") if found is None else float(found)

    def crosstab(self, col1: str, col2: str) -> "DataFrame":
        """How often the values of two columns meet."""
        name = f"{col1}_{col2}"
        row, column = (exprs.cast(to_expr(c), StringType()) for c in (col1, col2))
        texts = [exprs.alias(exprs.call("coalesce", e, exprs.lit("null")), n) for e, n in ((row, name), (column, "__c"))]
        counts = self._derive("project", exprs=texts).groupBy(quoted(name)).pivot("__c").count()
        return counts.fillna(0)

    def freqItems(self, cols: Union[List[str], Tuple[str, ...]], support: Optional[float] = None) -> "DataFrame":
        """The values that are in at least the given part of the rows, as one row of arrays; counted exactly."""
        if not isinstance(cols, (list, tuple)):
            wrong("NOT_LIST_OR_TUPLE", "cols", cols)
        frame: Any = self
        least = frame.count() * (0.01 if support is None else support)
        fields, values = [], []
        for name in cols:
            counted = frame.groupBy(name).count()
            rows = counted.filter(counted["count"] >= least).collect()
            fields.append(StructField(f"{name}_freqItems", ArrayType(counted.schema.fields[0].dataType)))
            values.append([row[0] for row in rows])
        return self._session._local([values], StructType(fields))


def _between(numbered: "DataFrame", lower: float, upper: float) -> "DataFrame":
    drawn = Column(exprs.col(_RANDOM))
    kept = numbered.filter((drawn >= lower) & (drawn < upper))
    return kept._derive("drop", cols=[_RANDOM])


def _statistic(name: str, field: StructField) -> Expr:
    e = exprs.col(quoted(field.name))
    number = e if isinstance(field.dataType, NumericType) else exprs.cast(e, DoubleType())
    if name in ("mean", "stddev"):
        return exprs.call("avg" if name == "mean" else "stddev_samp", number)
    if name in ("count", "min", "max"):
        return exprs.call(name, e)
    if name == "count_distinct":
        return exprs.call("count", e, distinct=True)
    if name == "approx_count_distinct":
        return exprs.call("approx_count_distinct", e)
    if not name.endswith("%"):
        raise IllegalArgumentException(message=f"{name} is not a recognised statistic")
    return exprs.call("percentile_approx", number, exprs.lit(float(name[:-1]) / 100))


def _missing(frame: Core, name: str) -> Any:
    frame._derive("project", exprs=[to_expr(name)])
    raise IllegalArgumentException(message=f"there is no column {name}")
