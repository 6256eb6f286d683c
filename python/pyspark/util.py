"""Names of ``pyspark.util`` that jobs use."""

from __future__ import annotations

import threading

__all__ = ["InheritableThread"]


class InheritableThread(threading.Thread):
    """A thread of the driver. Properties of jobs are the application's here, so there is nothing to inherit."""
