"""Python functions that the engine calls: it sends batches of rows over a connection of their own, this process answers."""

from __future__ import annotations

import itertools
import json
import threading
import traceback
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Tuple

from pyspark._hearth import wire
from pyspark._hearth.series import series_batch
from pyspark._hearth.values import Codec, decoder, encoder, record_values
from pyspark.sql.types import base
from pyspark.sql.types.base import DataType
from pyspark.sql.types.nested import ArrayType, MapType, StructType, from_json_value

if TYPE_CHECKING:
    from pyspark._hearth.client import EngineClient

Batch = Callable[[List[List[Any]]], List[Any]]

_names = itertools.count(1)

# PySpark's numbers of the kinds of functions over pandas series (PythonEvalType).
SERIES_SCALAR, SERIES_ITERATOR = 200, 204
SERIES = (SERIES_SCALAR, SERIES_ITERATOR)


class FunctionHost:
    """The functions of one session, and the thread that runs them."""

    def __init__(self, client: "EngineClient") -> None:
        self._client = client
        self._functions: Dict[str, Tuple[Callable[..., Any], DataType, int]] = {}
        self._batches: Dict[str, Batch] = {}
        self._lock = threading.Lock()
        self._listening = False

    def add(self, name: str, shown: str, f: Callable[..., Any], returns: DataType, kind: int, deterministic: bool) -> None:
        """Makes a function known to the engine under a name."""
        key = f"{shown}-{next(_names)}"
        with self._lock:
            self._functions[key] = (f, returns, kind)
            if not self._listening:
                self._listen()
                self._listening = True
        self._client.request(
            "udf", name=name, shown=shown, function=key, type=returns.jsonValue(), deterministic=deterministic
        )

    def _listen(self) -> None:
        sock = self._client.dial("udf-worker")
        threading.Thread(target=self._serve, args=(sock,), name="hearth-udf", daemon=True).start()

    def _serve(self, sock: Any) -> None:
        try:
            while True:
                call = wire.receive(sock)
                wire.send(sock, self._answer(call))
        except wire.ConnectionLost:
            sock.close()

    def _answer(self, message: Dict[str, Any]) -> Dict[str, Any]:
        try:
            key = json.dumps(message["call"], sort_keys=True)
            batch = self._batches.get(key)
            if batch is None:
                batch = self._batches[key] = self._batch(message["call"])
            return {"rows": batch(message["rows"])}
        except Exception:  # whatever the user's function raises goes to the caller of the action
            return {"error": traceback.format_exc()}

    def _batch(self, call: Dict[str, Any]) -> Batch:
        f, returns, kind = self._functions[call["id"]]
        types = [from_json_value(t) for t in call["types"]]
        encode = answer_encoder(returns)
        decoders = [decoder(t) for t in types]
        if kind in SERIES:
            whole = series_batch(f, types, returns, iterator=kind == SERIES_ITERATOR)
            return lambda rows: [encode(v) for v in whole([[d(v) for d, v in zip(decoders, row)] for row in rows])]

        def run(rows: List[List[Any]]) -> List[Any]:
            return [encode(f(*[d(v) for d, v in zip(decoders, row)])) for row in rows]

        return run


def answer_encoder(data_type: DataType) -> Codec:
    """The function that turns results into the form in which the engine reads them: objects for structs, pairs for maps. A value of another
    class than the declared type's is None, as in Spark."""
    if isinstance(data_type, StructType):
        names = data_type.fieldNames()
        fields = [answer_encoder(field.dataType) for field in data_type.fields]
        return lambda v: None if v is None else {n: f(x) for n, f, x in zip(names, fields, record_values(v, names))}
    if isinstance(data_type, ArrayType):
        element = answer_encoder(data_type.elementType)
        return lambda v: None if v is None else [element(item) for item in v]
    if isinstance(data_type, MapType):
        key, value = answer_encoder(data_type.keyType), answer_encoder(data_type.valueType)
        return lambda v: None if v is None else [{"k": key(k), "v": value(x)} for k, x in v.items()]
    accepted = _ACCEPTED.get(type(data_type))
    encode = encoder(data_type)
    if accepted is None:
        return encode

    def checked(v: Any) -> Any:
        v = v.item() if type(v).__module__ == "numpy" and hasattr(v, "item") else v
        if not isinstance(v, accepted) or (isinstance(v, bool) and bool not in accepted):
            return None
        return encode(v)

    return checked


_ACCEPTED: Dict[Any, Tuple[type, ...]] = {
    base.BooleanType: (bool,),
    base.ByteType: (int,),
    base.ShortType: (int,),
    base.IntegerType: (int,),
    base.LongType: (int,),
    base.FloatType: (float,),
    base.DoubleType: (float,),
    base.BinaryType: (bytes, bytearray),
}
