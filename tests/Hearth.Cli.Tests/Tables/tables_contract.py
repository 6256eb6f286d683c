"""Runs the scenarios of Glue and Athena with botocore in one process. Arguments: directory of the scenarios; the endpoint and its keys come as JSON on standard input."""
import json
import sys

import emr_scenarios
from emr_client import ROOT, Failure, module, plain


class Client:
    """Operations are written SERVICE.OPERATION; botocore's own parameter checks are off."""

    def __init__(self, endpoint, region, key, secret):
        session = module("session").get_session()
        session.set_credentials(key, secret)
        config = module("config").Config(parameter_validation=False, retries={"max_attempts": 0 if ROOT == "botocore" else 1}, read_timeout=60)
        self.clients = {name: session.create_client(name, region_name=region, endpoint_url=endpoint, config=config) for name in ("glue", "athena", "s3")}

    def call(self, operation, params):
        service, _, name = operation.partition(".")
        try:
            answer = self.clients[service.lower()]._make_api_call(name, params)
        except module("exceptions").ClientError as error:
            known = error.response["Error"]
            raise Failure(known["Code"], known.get("Message", ""), error.response["ResponseMetadata"]["HTTPStatusCode"]) from None
        answer.pop("ResponseMetadata")
        if "Body" in answer:
            answer["Body"] = answer["Body"].read().decode()
        return plain(answer)


def main():
    platform = json.load(sys.stdin)
    clients = {name: Client(platform["endpoint"], platform["region"], key["id"], key["secret"]) for name, key in platform["keys"].items()}
    json.dump(emr_scenarios.run(clients, sys.argv[1], {}), sys.stdout)


main()
