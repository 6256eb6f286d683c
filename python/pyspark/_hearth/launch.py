"""Finds the engine: a socket that the platform named, or a child process of our own."""

from __future__ import annotations

import atexit
import ctypes
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import Dict, List, Optional, Union

from pyspark.errors import PySparkRuntimeError

SOCKET_VARIABLE = "HEARTH_ENGINE_SOCKET"
BINARY_VARIABLE = "HEARTH_BIN"
HOME_VARIABLE = "HEARTH_HOME"
_START_SECONDS = 60.0

# Settings that an engine only takes when it starts; others go with the session.
_FIXED = ("spark.sql.warehouse.dir", "spark.hearth.")


def named_socket() -> Optional[str]:
    """The socket that the environment names, if it does."""
    return os.environ.get(SOCKET_VARIABLE) or None


class EngineProcess:
    """An engine session that lives and ends with this Python process."""

    def __init__(self, conf: Optional[Dict[str, str]] = None) -> None:
        fixed = {key: value for key, value in (conf or {}).items() if key.startswith(_FIXED)}
        self._settings: List[str] = [word for key in sorted(fixed) for word in ("--conf", f"{key}={fixed[key]}")]
        self._directory = tempfile.mkdtemp(prefix="hearth-engine-")
        self.socket_path = os.path.join(self._directory, "engine.sock")
        self._log_path = os.path.join(self._directory, "engine.log")
        self._process = self._start(_binary())
        atexit.register(self.stop)
        self._wait_until_it_listens()

    def _start(self, binary: str) -> "subprocess.Popen[bytes]":
        """Starts the child from a thread that lives as long: the kernel's notice of death is about the starting thread."""
        started: "queue.Queue[Union[subprocess.Popen[bytes], OSError]]" = queue.Queue()

        def keep() -> None:
            try:
                child = self._spawn(binary)
            except OSError as cause:
                started.put(cause)
                return
            started.put(child)
            child.wait()

        threading.Thread(target=keep, name="hearth-engine", daemon=True).start()
        child = started.get()
        if isinstance(child, OSError):
            raise _cannot_start(f"{binary}: {child.strerror}") from child
        return child

    def _spawn(self, binary: str) -> "subprocess.Popen[bytes]":
        with open(self._log_path, "wb") as log:
            return subprocess.Popen(
                [binary, "engine", "serve", "--socket", self.socket_path, *self._settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not _accepts(self.socket_path):
            code = self._process.poll()
            if code is not None:
                raise _cannot_start(f"it ended with exit code {code}: {self._last_words()}")
            if time.monotonic() > deadline:
                self.stop()
                raise _cannot_start(f"it did not listen within {_START_SECONDS:.0f} s: {self._last_words()}")
            time.sleep(0.01)

    def _last_words(self) -> str:
        try:
            with open(self._log_path, encoding="utf-8", errors="replace") as log:
                return log.read()[-2000:].strip() or "it printed nothing"
        except OSError:
            return "its output is gone"

    def stop(self) -> None:
        """Ends the process and removes its directory."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._directory, ignore_errors=True)


def find_binary() -> Optional[str]:
    """The hearth program: named by the environment, the launcher that started this process, or on PATH."""
    launcher = os.path.join(os.environ.get(HOME_VARIABLE, ""), "hearth")
    at_home = launcher if HOME_VARIABLE in os.environ and os.access(launcher, os.X_OK) else None
    return os.environ.get(BINARY_VARIABLE) or at_home or shutil.which("hearth")


def _binary() -> str:
    found = find_binary()
    if found:
        return found
    raise _cannot_start(
        f"there is no `hearth` on PATH; set {BINARY_VARIABLE} to the program, "
        f"or {SOCKET_VARIABLE} to the socket of an engine that runs"
    )


def _accepts(path: str) -> bool:
    if not os.path.exists(path):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
            return True
        except OSError:
            return False


def _end_with_parent() -> None:
    """Runs in the child: the kernel ends it when this process dies, even by SIGKILL; Ctrl-C stays with us."""
    os.setpgid(0, 0)
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM)


def _cannot_start(why: str) -> PySparkRuntimeError:
    return PySparkRuntimeError(message=f"The engine cannot be started: {why}.", error_class="ENGINE_UNAVAILABLE")
