"""Running statistics of numbers, merged from parts without losing precision."""

from __future__ import annotations

import math
from typing import Dict, Iterable, Optional


class StatCounter:
    """Count, mean, variance, least and greatest, updated one value at a time."""

    def __init__(self, values: Optional[Iterable[float]] = None) -> None:
        self.n = 0
        self.mu = 0.0
        self.m2 = 0.0
        self.maxValue = -math.inf
        self.minValue = math.inf
        for value in values or ():
            self.merge(value)

    def merge(self, value: float) -> "StatCounter":
        """Adds a value."""
        delta = value - self.mu
        self.n += 1
        self.mu += delta / self.n
        self.m2 += delta * (value - self.mu)
        self.maxValue = max(self.maxValue, value)
        self.minValue = min(self.minValue, value)
        return self

    def mergeStats(self, other: "StatCounter") -> "StatCounter":
        """Adds the statistics of another part."""
        total = self.n + other.n
        if other.n:
            delta = other.mu - self.mu
            self.mu = (self.mu * self.n + other.mu * other.n) / total
            self.m2 += other.m2 + delta * delta * self.n * other.n / total
            self.n = total
            self.maxValue = max(self.maxValue, other.maxValue)
            self.minValue = min(self.minValue, other.minValue)
        return self

    def copy(self) -> "StatCounter":
        """A counter of its own with the same state."""
        other = StatCounter()
        other.__dict__.update(self.__dict__)
        return other

    def count(self) -> int:
        """How many values."""
        return self.n

    def mean(self) -> float:
        """The mean."""
        return self.mu

    def sum(self) -> float:
        """The sum."""
        return self.n * self.mu

    def min(self) -> float:
        """The least value."""
        return self.minValue

    def max(self) -> float:
        """The greatest value."""
        return self.maxValue

    def variance(self) -> float:
        """The population variance."""
        return self.m2 / self.n if self.n else math.nan

    def sampleVariance(self) -> float:
        """The sample variance."""
        return self.m2 / (self.n - 1) if self.n > 1 else math.nan

    def stdev(self) -> float:
        """The population standard deviation."""
        return math.sqrt(self.variance())

    def sampleStdev(self) -> float:
        """The sample standard deviation."""
        return math.sqrt(self.sampleVariance())

    def asDict(self, sample: bool = False) -> Dict[str, float]:
        """All statistics by name."""
        return {
            "count": self.count(), "mean": self.mean(), "sum": self.sum(), "min": self.min(), "max": self.max(),
            "stdev": self.sampleStdev() if sample else self.stdev(),
            "variance": self.sampleVariance() if sample else self.variance(),
        }  # fmt: skip

    def __repr__(self) -> str:
        return (
            f"(count: {self.count()}, mean: {self.mean()}, stdev: {self.stdev()}, "
            f"max: {self.max()}, min: {self.min()})"
        )
