"""The table of constraints: for each operation a good request, then one bad value a line. See cases/emr/constraints."""
import copy
import json
import pathlib

import emr_model
from emr_client import Failure


def read(directory):
    """{operation: (good, [(path, kind, value, text)])}"""
    table = {}
    for file in sorted(pathlib.Path(directory).glob("*.txt")):
        good, rows = None, []
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("good "):
                good = json.loads(line[5:])
            elif line and not line.startswith("#"):
                rows.append(tuple(line.split(" :: ", 3)))
        table[file.stem] = (good, rows)
    return table


def value_of(text):
    """repeat N JSON-text, list N JSON, map N JSON, key JSON-text, entry JSON-text, or JSON."""
    word, _, rest = text.partition(" ")
    if word == "repeat":
        count, _, character = rest.partition(" ")
        return json.loads(character) * int(count)
    if word == "list":
        count, _, item = rest.partition(" ")
        return [value_of(item) for _ in range(int(count))]
    if word == "map":
        count, _, item = rest.partition(" ")
        return {f"k{i}": value_of(item) for i in range(int(count))}
    if word in ("key", "entry"):
        return {value_of(rest): "v" if word == "key" else {}}
    return json.loads(text)


def change(request, path, text):
    """A copy of a request with one member changed or taken away."""
    request = copy.deepcopy(request)
    steps, at = path.split("."), request
    i = 0
    while i < len(steps) - 1:
        step = steps[i]
        if i + 1 < len(steps) and steps[i + 1] == "member":
            if step.isdigit():
                while len(at) < int(step):
                    at.append({})
                at = at[int(step) - 1]
            else:
                at = at.setdefault(step, {})
            i += 2
            continue
        following = steps[i + 2] if i + 2 < len(steps) else ""
        at = at.setdefault(step, [] if following == "member" and steps[i + 1].isdigit() else {})
        i += 1
    if text == "absent":
        at.pop(steps[-1], None)
    else:
        at[steps[-1]] = value_of(text)
    return request


def fill(value, names):
    if isinstance(value, dict):
        return {k: fill(v, names) for k, v in value.items()}
    if isinstance(value, list):
        return [fill(v, names) for v in value]
    return names.get(value[1:], value) if isinstance(value, str) and value.startswith("$") else value


def run(client, directory, names):
    """Problems, one a line; none is good."""
    problems = []
    secret = emr_model.secrets(client.model)
    for operation, (good, rows) in read(directory).items():
        for path, kind, text, expected in rows:
            request = fill(change(good, path, text), names)
            raw = kind in ("type", "required") or kind.endswith(".type") or kind.endswith(".null")
            try:
                answer = client.raw(operation, request) if raw else client.call(operation, request)
                problems.append(f"{operation} {path} {kind}: accepted with {str(answer)[:200]}")
            except Failure as failure:
                wrong = judge(failure, path, kind, expected)
                if path.rpartition(".")[2] in secret and "aaaaaaaaaa" in failure.message:
                    wrong = "the message repeats a secret"
                if wrong:
                    problems.append(f"{operation} {path} {kind}: {wrong}")
    return problems


def judge(failure, path, kind, expected):
    if expected == "SerializationException":
        return None if failure.code == expected and failure.status == 400 else f"{failure.status} {failure}"
    if failure.code != "ValidationException" or failure.status != 400:
        return f"{failure.status} {failure}"
    if f"at '{path}' failed to satisfy constraint: {expected}" not in failure.message or "validation error" not in failure.message:
        return f"expected {expected}, got {failure.message[:600]}"
    return None


def missing(client, directory):
    """What the service model constrains and no case tries."""
    table = read(directory)
    for operation, demanded in emr_model.demanded(client.model).items():
        covered = {(path, kind) for path, kind, _, _ in table.get(operation, (None, []))[1]}
        for path, kind in sorted(demanded - covered):
            yield f"{operation} {path} {kind}"
