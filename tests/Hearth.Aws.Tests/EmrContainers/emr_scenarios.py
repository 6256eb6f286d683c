"""
Scenarios: calls and what they answer, one after another.

  == TITLE
  @ NAME                 whose keys are used from here on (admin when nothing is said)
  > Operation JSON       a call; "$$" in a text is a fresh token, $name a value bound before
  ~ Operation JSON       a call repeated until it answers as expected
  & Operation KEY JSON   all pages of a listing by its token: {"pages": [sizes], "items": [...]}
  * N Operation JSON     N calls; all must succeed
  = JSON                 a part of the answer: "$name" binds or compares, "*" is anything, "/x/" a pattern, null is absent
  ! Code text            the error instead
"""
import json
import pathlib
import re
import time

from emr_client import Failure, fresh

DEADLINE = 60


def read(directory):
    """[(title, [lines])]"""
    found = []
    for file in sorted(pathlib.Path(directory).glob("*.txt")):
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("== "):
                found.append((line[3:], []))
            elif line.strip() and not line.startswith("#"):
                found[-1][1].append(line)
    return found


def run(clients, directory, names):
    problems = []
    for title, lines in read(directory):
        try:
            Scenario(clients, dict(names)).play(lines)
        except AssertionError as error:
            problems.append(f"{title}: {error}")
    return problems


class Scenario:
    def __init__(self, clients, names):
        self.clients, self.names, self.who = clients, names, "admin"

    def play(self, lines):
        for i, line in enumerate(lines):
            mark, _, rest = line.partition(" ")
            following = lines[i + 1] if i + 1 < len(lines) else ""
            if mark == "@":
                self.who = rest
            elif mark == "*":
                count, _, call = rest.partition(" ")
                for _ in range(int(count)):
                    self.expect(line, self.answer(call), "")
            elif mark in (">", "&"):
                answer = self.pages(rest) if mark == "&" else self.answer(rest)
                self.expect(line, answer, following if following[:1] in "=!" else "")
            elif mark == "~":
                self.until(line, rest, following)

    def until(self, line, call, expected):
        end = time.monotonic() + DEADLINE
        while True:
            try:
                return self.expect(line, self.answer(call), expected)
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def answer(self, call):
        operation, _, text = call.partition(" ")
        try:
            return self.clients[self.who].call(operation, self.filled(text))
        except Failure as failure:
            return failure

    def pages(self, call):
        operation, key, text = call.split(" ", 2)
        request, sizes, items = self.filled(text), [], []
        while True:
            try:
                answer = self.clients[self.who].call(operation, request)
            except Failure as failure:
                return failure
            sizes.append(len(answer[key]))
            items += answer[key]
            token = next((name for name in answer if name.lower() == "nexttoken"), None)
            if token is None:
                return {"pages": sizes, "items": items}
            request[token] = answer[token]

    def filled(self, text):
        while "$$" in text:
            text = text.replace("$$", fresh(), 1)
        return json.loads(re.sub(r"\$([a-z]\w*)", lambda m: self.names.get(m[1], m[0]), text))

    def expect(self, line, answer, expected):
        if expected.startswith("! "):
            code, _, text = expected[2:].partition(" ")
            assert isinstance(answer, Failure), f"{line}: expected {code}, got {answer}"
            text = re.sub(r"\$([a-z]\w*)", lambda m: self.names.get(m[1], m[0]), text)
            assert answer.code == code and text in answer.message, f"{line}: expected {code} {text}, got {answer}"
            return
        assert not isinstance(answer, Failure), f"{line}: {answer}"
        if expected:
            problem = self.differs(json.loads(expected[2:]), answer, "")
            assert problem is None, f"{line}: {problem} in {json.dumps(answer)[:900]}"

    def differs(self, wanted, actual, path):
        if wanted == "*":
            return None if actual is not None else f"{path} is absent"
        if isinstance(wanted, str) and re.fullmatch(r"\$[a-z]\w*", wanted):
            known = self.names.setdefault(wanted[1:], actual)
            return None if known == actual and actual is not None else f"{path} is {actual!r}, expected {known!r}"
        if isinstance(wanted, str) and len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
            return None if isinstance(actual, (str, int)) and re.search(wanted[1:-1], str(actual)) else f"{path} is {actual!r}"
        if isinstance(wanted, dict) and isinstance(actual, dict):
            problems = (self.differs(v, actual.get(k), f"{path}.{k}") for k, v in wanted.items())
            return next((p for p in problems if p), None)
        if isinstance(wanted, list) and isinstance(actual, list):
            if len(wanted) != len(actual):
                return f"{path} has {len(actual)} items"
            return next((p for p in (self.differs(w, a, f"{path}[{i}]") for i, (w, a) in enumerate(zip(wanted, actual))) if p), None)
        if isinstance(wanted, str):
            wanted = re.sub(r"\$([a-z]\w*)", lambda m: self.names.get(m[1], m[0]), wanted)
        return None if wanted == actual else f"{path} is {actual!r}, expected {wanted!r}"
