"""The values of a key, as ``groupByKey`` gives them: iterable, with a length."""

from __future__ import annotations

from typing import Generic, Iterable, Iterator, Sequence, TypeVar

__all__ = ["ResultIterable"]

T = TypeVar("T")


class ResultIterable(Generic[T], Iterable[T]):
    """A sequence of results."""

    def __init__(self, data: Sequence[T]) -> None:
        self.data = data
        self.index = 0
        self.maxindex = len(data)

    def __iter__(self) -> Iterator[T]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)
