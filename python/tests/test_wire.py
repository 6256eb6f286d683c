"""Frames, values and errors between the front end and an engine that speaks the protocol."""

from __future__ import annotations

import datetime
import decimal
import math
import os
import socket
import tempfile
import threading
import unittest
from typing import Any, Callable, Dict, List
from unittest import mock

from pyspark._hearth import wire
from pyspark._hearth.client import EngineClient
from pyspark._hearth.launch import SOCKET_VARIABLE
from pyspark._hearth.values import decoder, encoder
from pyspark.errors import AnalysisException, ParseException, PySparkRuntimeError, UnknownException
from pyspark.sql.types import Row
from pyspark.sql.types.ddl import parse_ddl

Handler = Callable[[Dict[str, Any]], List[Dict[str, Any]]]


class ScriptedEngine:
    """Answers every request with the frames that a function gives."""

    def __init__(self, handler: Handler) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._directory.name, "s")
        self.requests: List[Dict[str, Any]] = []
        self._handler = handler
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._server.bind(self.path)
        self._server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with sock:
            while True:
                try:
                    request = wire.receive(sock)
                except wire.ConnectionLost:
                    return
                self.requests.append(request)
                try:
                    for reply in self._handler(request):
                        wire.send(sock, {"id": request["id"], **reply})
                except wire.ConnectionLost:
                    return

    def close(self) -> None:
        self._server.close()
        self._directory.cleanup()


def _answer(request: Dict[str, Any]) -> List[Dict[str, Any]]:
    if request["op"] == "collect":
        return [{"batch": {"rows": [[1], [2]]}}, {"batch": {"rows": [[3]]}}, {"ok": {"rows": 3}}]
    if request["op"] == "schema":
        error = {"class": "TABLE_OR_VIEW_NOT_FOUND", "kind": "AnalysisException", "message": "no `t`", "hint": "SHOW TABLES"}
        return [{"error": {**error, "sqlState": "42P01", "position": {"line": 1, "column": 14}}}]
    if request["op"] == "sql":
        return [{"error": {"class": "PARSE_SYNTAX_ERROR", "kind": "ParseException", "message": "near 'x'"}}]
    if request["op"] == "explain":
        return [{"error": {"kind": "SomethingNew", "message": "odd"}}]
    return [{"ok": {"op": request["op"]}}]


class Client(unittest.TestCase):
    def setUp(self) -> None:
        self.engine = ScriptedEngine(_answer)
        self.addCleanup(self.engine.close)
        patched = mock.patch.dict(os.environ, {SOCKET_VARIABLE: self.engine.path})
        patched.start()
        self.addCleanup(patched.stop)
        self.client = EngineClient({"spark.x": "1"}, {"name": "n", "id": "i"})
        self.addCleanup(self.client.close)

    def test_hello_comes_before_the_first_request_and_only_once(self) -> None:
        self.client.request("ping")
        self.client.request("ping")
        self.assertEqual([r["op"] for r in self.engine.requests], ["hello", "ping", "ping"])
        self.assertEqual(self.engine.requests[0]["conf"], {"spark.x": "1"})

    def test_fields_without_a_value_are_left_out(self) -> None:
        self.client.request("ping", a=None, b=0)
        sent = self.engine.requests[-1]
        self.assertEqual((sent.get("a", "absent"), sent["b"]), ("absent", 0))

    def test_batches_come_one_after_the_other(self) -> None:
        rows = [row for r in self.client.stream("collect") for row in (r.get("batch") or {}).get("rows", [])]
        self.assertEqual(rows, [[1], [2], [3]])

    def test_an_abandoned_result_is_cancelled(self) -> None:
        replies = self.client.stream("collect")
        next(replies)
        replies.close()  # type: ignore[attr-defined]
        last = self.engine.requests[-1]
        self.assertEqual((last["op"], last["target"]), ("cancel", self.engine.requests[-2]["id"]))

    def test_errors_have_sparks_class_state_position_and_hint(self) -> None:
        with self.assertRaises(AnalysisException) as caught:
            self.client.request("schema")
        error = caught.exception
        self.assertEqual((error.getErrorClass(), error.getSqlState()), ("TABLE_OR_VIEW_NOT_FOUND", "42P01"))
        self.assertEqual(str(error), "[TABLE_OR_VIEW_NOT_FOUND] no `t`; line 1 pos 14\nHint: SHOW TABLES")
        with self.assertRaises(ParseException):
            self.client.request("sql")
        with self.assertRaises(UnknownException):
            self.client.request("explain")

    def test_a_client_that_is_closed_says_that_the_session_is_stopped(self) -> None:
        self.client.close()
        with self.assertRaisesRegex(PySparkRuntimeError, "SESSION_STOPPED"):
            self.client.request("ping")

    def test_no_engine_behind_the_socket_is_said(self) -> None:
        self.engine.close()
        with self.assertRaisesRegex(PySparkRuntimeError, "ENGINE_UNAVAILABLE"):
            self.client.request("ping")


class Values(unittest.TestCase):
    def test_values_go_there_and_back(self) -> None:
        now = datetime.datetime(2024, 2, 29, 13, 14, 15, 123456)
        for ddl, python, on_wire in [
            ("int", 5, 5),
            ("double", 1.5, 1.5),
            ("double", math.inf, "Infinity"),
            ("decimal(10,2)", decimal.Decimal("1.50"), "1.50"),
            ("date", datetime.date(2024, 1, 31), "2024-01-31"),
            ("timestamp_ntz", datetime.datetime(1970, 1, 1, 0, 0, 1), 1_000_000),
            ("timestamp", now, round(now.timestamp() * 1_000_000)),
            ("binary", bytearray(b"hi"), "aGk="),
            ("array<date>", [datetime.date(2024, 1, 31), None], ["2024-01-31", None]),
            ("map<string,decimal(3,1)>", {"a": decimal.Decimal("1.5")}, [["a", "1.5"]]),
            ("struct<a:int,b:binary>", Row(a=1, b=bytearray(b"")), [1, ""]),
            ("string", None, None),
        ]:
            with self.subTest(f"{ddl} {python}"):
                data_type = parse_ddl(ddl)
                self.assertEqual(encoder(data_type)(python), on_wire)
                self.assertEqual(decoder(data_type)(on_wire), python)

    def test_not_a_number_goes_there_and_back(self) -> None:
        double = parse_ddl("double")
        self.assertEqual(encoder(double)(math.nan), "NaN")
        self.assertTrue(math.isnan(decoder(double)("NaN")))

    def test_an_aware_time_is_an_instant(self) -> None:
        zone = datetime.timezone(datetime.timedelta(hours=2))
        value = datetime.datetime(1970, 1, 1, 2, 0, 1, tzinfo=zone)
        self.assertEqual(encoder(parse_ddl("timestamp"))(value), 1_000_000)

    def test_deep_plans_can_be_sent(self) -> None:
        plan: Dict[str, Any] = {"t": "range"}
        for _ in range(3000):
            plan = {"t": "limit", "in": plan}
        self.assertGreater(len(wire.encode({"plan": plan})), 3000)


if __name__ == "__main__":
    unittest.main()
