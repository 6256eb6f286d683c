"""DataFrame: rows with named, typed columns, described by a plan that the engine runs."""

from __future__ import annotations

from typing import Any, List, Optional

from pyspark.sql._frame.actions import Actions
from pyspark.sql._frame.columns import Columns
from pyspark.sql._frame.missing import Missing
from pyspark.sql._frame.refused import Refused
from pyspark.sql._frame.rows import Rows
from pyspark.sql._frame.stats import Stats
from pyspark.sql.readwriter import DataFrameWriter, DataFrameWriterV2


class DataFrame(Columns, Rows, Actions, Missing, Stats, Refused):
    """The methods come by theme from ``_frame``; this class is what users name."""

    @property
    def write(self) -> DataFrameWriter:
        """Writes the rows to files or a table."""
        return DataFrameWriter(self)

    def writeTo(self, table: str) -> DataFrameWriterV2:
        """Writes the rows to a table."""
        return DataFrameWriterV2(self, table)

    @property
    def na(self) -> "DataFrameNaFunctions":
        """What to do with NULLs."""
        return DataFrameNaFunctions(self)

    @property
    def stat(self) -> "DataFrameStatFunctions":
        """Statistics."""
        return DataFrameStatFunctions(self)


class DataFrameNaFunctions:
    """``df.na``."""

    def __init__(self, df: DataFrame) -> None:
        self.df = df

    def drop(self, how: str = "any", thresh: Optional[int] = None, subset: Any = None) -> DataFrame:
        """As ``dropna``."""
        return self.df.dropna(how=how, thresh=thresh, subset=subset)

    def fill(self, value: Any, subset: Any = None) -> DataFrame:
        """As ``fillna``."""
        return self.df.fillna(value=value, subset=subset)

    def replace(self, to_replace: Any, *args: Any, **kwargs: Any) -> DataFrame:
        """As ``DataFrame.replace``."""
        return self.df.replace(to_replace, *args, **kwargs)


class DataFrameStatFunctions:
    """``df.stat``."""

    def __init__(self, df: DataFrame) -> None:
        self.df = df

    def approxQuantile(self, col: Any, probabilities: List[float], relativeError: float) -> Any:
        """As ``DataFrame.approxQuantile``."""
        return self.df.approxQuantile(col, probabilities, relativeError)

    def corr(self, col1: str, col2: str, method: Optional[str] = None) -> float:
        """As ``DataFrame.corr``."""
        return self.df.corr(col1, col2, method)

    def cov(self, col1: str, col2: str) -> float:
        """As ``DataFrame.cov``."""
        return self.df.cov(col1, col2)

    def crosstab(self, col1: str, col2: str) -> DataFrame:
        """As ``DataFrame.crosstab``."""
        return self.df.crosstab(col1, col2)

    def freqItems(self, cols: List[str], support: Optional[float] = None) -> DataFrame:
        """As ``DataFrame.freqItems``."""
        return self.df.freqItems(cols, support)

    def sampleBy(self, col: Any, fractions: Any, seed: Optional[int] = None) -> DataFrame:
        """As ``DataFrame.sampleBy``."""
        return self.df.sampleBy(col, fractions, seed)
