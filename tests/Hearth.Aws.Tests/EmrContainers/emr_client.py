"""botocore's emr-containers client without its own parameter checks, and the same calls signed by hand for what its model cannot say."""
import datetime
import importlib
import importlib.util
import json
import re
import urllib.parse
import uuid

OPERATIONS = {
    "CreateVirtualCluster": "POST /virtualclusters",
    "ListVirtualClusters": "GET /virtualclusters",
    "DescribeVirtualCluster": "GET /virtualclusters/{id}",
    "UpdateVirtualCluster": "PATCH /virtualclusters/{id}",
    "DeleteVirtualCluster": "DELETE /virtualclusters/{id}",
    "StartJobRun": "POST /virtualclusters/{virtualClusterId}/jobruns",
    "ListJobRuns": "GET /virtualclusters/{virtualClusterId}/jobruns",
    "DescribeJobRun": "GET /virtualclusters/{virtualClusterId}/jobruns/{id}",
    "CancelJobRun": "DELETE /virtualclusters/{virtualClusterId}/jobruns/{id}",
    "CreateManagedEndpoint": "POST /virtualclusters/{virtualClusterId}/endpoints",
    "ListManagedEndpoints": "GET /virtualclusters/{virtualClusterId}/endpoints",
    "DescribeManagedEndpoint": "GET /virtualclusters/{virtualClusterId}/endpoints/{id}",
    "DeleteManagedEndpoint": "DELETE /virtualclusters/{virtualClusterId}/endpoints/{id}",
    "GetManagedEndpointSessionCredentials": "POST /virtualclusters/{virtualClusterIdentifier}/endpoints/{endpointIdentifier}/credentials",
    "CreateJobTemplate": "POST /jobtemplates",
    "ListJobTemplates": "GET /jobtemplates",
    "DescribeJobTemplate": "GET /jobtemplates/{id}",
    "DeleteJobTemplate": "DELETE /jobtemplates/{id}",
    "CreateSecurityConfiguration": "POST /securityconfigurations",
    "ListSecurityConfigurations": "GET /securityconfigurations",
    "DescribeSecurityConfiguration": "GET /securityconfigurations/{id}",
    "DeleteSecurityConfiguration": "DELETE /securityconfigurations/{id}",
    "ListTagsForResource": "GET /tags/{resourceArn}",
    "TagResource": "POST /tags/{resourceArn}",
    "UntagResource": "DELETE /tags/{resourceArn}",
}


def root():
    """The package that botocore is: its own, or the one inside of a Debian awscli."""
    for name in ("botocore", "awscli.botocore"):
        try:
            if importlib.util.find_spec(name) is not None:
                return name
        except ModuleNotFoundError:
            pass
    raise SystemExit("needs botocore")


ROOT = root()


def module(name):
    importlib.import_module(ROOT)
    try:
        # The one inside of awscli answers to this name too, and makes its errors of these classes.
        return importlib.import_module(f"botocore.{name}")
    except ModuleNotFoundError:
        return importlib.import_module(f"{ROOT}.{name}")


class Failure(Exception):
    """An error answer."""

    def __init__(self, code, message, status):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


class Client:
    def __init__(self, endpoint, region, key, secret):
        session = module("session").get_session()
        session.set_credentials(key, secret)
        # Attempts beyond the first; the botocore inside of AWS CLI v2 counts the first one too.
        retries = {"max_attempts": 0 if ROOT == "botocore" else 1}
        config = module("config").Config(parameter_validation=False, retries=retries, read_timeout=60)
        self.endpoint, self.region = endpoint.rstrip("/"), region
        self.client = session.create_client("emr-containers", region_name=region, endpoint_url=endpoint, config=config)
        self.model = self.client.meta.service_model
        self.is_old = "DescribeSecurityConfiguration" not in self.model.operation_names
        self.credentials = session.get_credentials()
        self.http = module("httpsession").URLLib3Session(timeout=60)

    def call(self, operation, params):
        """The answer as JSON would have it; a Failure otherwise."""
        # An older model would drop from the answer what it does not know.
        if operation in self.model.operation_names and not (self.is_old and operation.startswith(("Describe", "List"))):
            shape = self.model.operation_model(operation).input_shape
            if all(name in shape.members for name in params):
                try:
                    return self._botocore(operation, params)
                except (KeyError, AttributeError, TypeError):
                    pass  # the model of this botocore has not that member
        return self.raw(operation, params)

    def _botocore(self, operation, params):
        try:
            answer = self.client._make_api_call(operation, params)
        except module("exceptions").ClientError as error:
            known = error.response["Error"]
            raise Failure(known["Code"], known.get("Message", ""), error.response["ResponseMetadata"]["HTTPStatusCode"]) from None
        answer.pop("ResponseMetadata")
        return plain(answer)

    def raw(self, operation, params):
        method, path = OPERATIONS[operation].split(" ")
        labels = set(re.findall(r"{(\w+)}", path))
        for label in labels:
            path = path.replace("{" + label + "}", urllib.parse.quote(str(params[label]), safe=""))
        rest = {k: v for k, v in params.items() if k not in labels}
        query = {k: str(v).lower() if isinstance(v, bool) else v for k, v in rest.items()}
        data = b""
        if method in ("GET", "DELETE"):
            path += "?" + urllib.parse.urlencode(query, doseq=True, quote_via=urllib.parse.quote) if rest else ""
        else:
            data = json.dumps(rest).encode()
        return self.send(method, path, data)

    def send(self, method, path, data):
        aws = module("awsrequest")
        request = aws.AWSRequest(method, self.endpoint + path, {"Content-Type": "application/json"} if data else {}, data)
        module("auth").SigV4Auth(self.credentials, "emr-containers", self.region).add_auth(request)
        answer = self.http.send(request.prepare())
        body = json.loads(answer.content or b"{}")
        if answer.status_code != 200:
            raise Failure(answer.headers.get("x-amzn-ErrorType", "").split(":")[0], body.get("message", ""), answer.status_code)
        return body


def plain(value):
    """Dates as they are on the wire."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def fresh():
    return uuid.uuid4().hex
