"""SparkFiles: where files of the job are."""

from __future__ import annotations

import os
from typing import ClassVar, Dict


class SparkFiles:
    """Files that ``sc.addFile`` named."""

    _paths: ClassVar[Dict[str, str]] = {}

    @classmethod
    def get(cls, filename: str) -> str:
        """The path of a file by its name."""
        return cls._paths.get(filename, os.path.join(cls.getRootDirectory(), filename))

    @classmethod
    def getRootDirectory(cls) -> str:
        """The working directory of the driver, where submitted files lie."""
        return os.getcwd()
