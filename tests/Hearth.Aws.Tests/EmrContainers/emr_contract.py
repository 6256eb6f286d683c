"""Runs every case against an endpoint in one process. Arguments: directory of the cases; the endpoint and its keys come as JSON on standard input."""
import json
import sys

import emr_constraints
import emr_scenarios
from emr_client import Client


def main():
    cases, platform = sys.argv[1], json.load(sys.stdin)
    clients = {name: Client(platform["endpoint"], platform["region"], key["id"], key["secret"]) for name, key in platform["keys"].items()}
    names = platform["names"]
    constraints = f"{cases}/constraints"
    json.dump(
        {
            "missing": list(emr_constraints.missing(clients["admin"], constraints)),
            "constraints": emr_constraints.run(clients["admin"], constraints, names),
            "scenarios": emr_scenarios.run(clients, f"{cases}/scenarios", names),
        },
        sys.stdout)


main()
