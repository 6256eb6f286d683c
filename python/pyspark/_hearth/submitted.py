"""Files that a program adds while it runs: from this machine or from the buckets that its role may read."""

from __future__ import annotations

import os
import shutil
from typing import Tuple

from pyspark._hearth.unsupported import refuse

_S3 = ("s3://", "s3a://", "s3n://")


def bring(path: str) -> str:
    """A local path of a file: itself, or a copy in the working directory."""
    if path.startswith(_S3):
        source = _in_bucket(path)
        return shutil.copy(source, os.path.join(os.getcwd(), os.path.basename(source)))
    for scheme in ("file://", "local://"):
        if path.startswith(scheme):
            return _there(path[len(scheme):], path)
    if "://" in path:
        refuse(f"a file of {path.partition('://')[0]}", "s3:// or a local path")
    return _there(path, path)


def unpack(path: str) -> Tuple[str, str]:
    """Unpacks an archive; gives its name and where it is."""
    uri, _, alias = path.partition("#")
    name = alias or os.path.basename(uri)
    target = os.path.realpath(os.path.join(os.getcwd(), name))
    if os.path.dirname(target) != os.path.realpath(os.getcwd()):
        raise ValueError(f"the name {name!r} of {uri} leaves the working directory")
    source = _in_bucket(uri) if uri.startswith(_S3) else bring(uri)
    shutil.unpack_archive(source, target, format="zip" if source.endswith((".zip", ".jar", ".egg")) else None)
    return name, target


def _in_bucket(uri: str) -> str:
    root = os.environ.get("HEARTH_S3_ROOT")
    if not root:
        refuse(f"{uri} outside of a job run", "a local path")
    path = os.path.normpath(os.path.join(str(root), uri.partition("://")[2]))
    if not path.startswith(os.path.normpath(str(root)) + os.sep):
        raise ValueError(f"{uri} leaves the object storage")
    return _there(path, uri)


def _there(path: str, said: str) -> str:
    if not os.path.exists(path):
        raise FileNotFoundError(f"{said} does not exist, or the execution role may not read it")
    return path
