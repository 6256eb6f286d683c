"""CloudWatch Logs as boto3 users see them. Needs AWS_PROFILE and its endpoint; ends with "all cases hold"."""
import subprocess, sys, time, traceback

import boto3
from botocore.exceptions import ClientError

GROUP_A, GROUP_B = "/emr-on-eks-logs/emr-eks-karpenter/emr-data-team-a", "/emr-on-eks-logs/emr-eks-karpenter/emr-data-team-b"
admin = boto3.Session(profile_name="hearth").client("logs")
a = boto3.Session(profile_name="emr-data-team-a").client("logs")
NOW = int(time.time() * 1000)


def fails(code, call, text="", **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, f"expected {code}, got {e}"
        assert text in str(e), f"expected '{text}' in: {e}"
        return e.response
    raise AssertionError(f"expected {code}, but it succeeded")


def put(group, stream, *messages, start=NOW - 60_000):
    return admin.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[
        {"timestamp": start + i, "message": m} for i, m in enumerate(messages)])


def groups_and_streams():
    admin.create_log_group(logGroupName="cases/a", tags={"k": "v"})
    fails("ResourceAlreadyExistsException", admin.create_log_group, logGroupName="cases/a")
    fails("InvalidParameterException", admin.create_log_group, "regular expression", logGroupName="no spaces")
    admin.create_log_group(logGroupName="cases/b")
    got = admin.describe_log_groups(logGroupNamePrefix="cases/")["logGroups"]
    assert [g["logGroupName"] for g in got] == ["cases/a", "cases/b"] and "retentionInDays" not in got[0]
    assert got[0]["arn"].endswith(":log-group:cases/a:*")
    pages = admin.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="cases/", PaginationConfig={"PageSize": 1})
    assert [g["logGroupName"] for p in pages for g in p["logGroups"]] == ["cases/a", "cases/b"]
    admin.put_retention_policy(logGroupName="cases/a", retentionInDays=7)
    assert admin.describe_log_groups(logGroupNamePrefix="cases/a")["logGroups"][0]["retentionInDays"] == 7
    fails("InvalidParameterException", admin.put_retention_policy, logGroupName="cases/a", retentionInDays=8)
    admin.delete_retention_policy(logGroupName="cases/a")
    assert admin.list_tags_log_group(logGroupName="cases/a")["tags"] == {"k": "v"}
    arn = got[0]["logGroupArn"]
    admin.tag_resource(resourceArn=arn, tags={"x": "y"})
    admin.untag_resource(resourceArn=arn, tagKeys=["k"])
    assert admin.list_tags_for_resource(resourceArn=arn)["tags"] == {"x": "y"}
    for name in ("s/one", "s/two", "t"):
        admin.create_log_stream(logGroupName="cases/a", logStreamName=name)
    fails("ResourceAlreadyExistsException", admin.create_log_stream, logGroupName="cases/a", logStreamName="t")
    fails("ResourceNotFoundException", admin.create_log_stream, "The specified log group does not exist.", logGroupName="cases/none", logStreamName="t")
    names = lambda **more: [s["logStreamName"] for s in admin.describe_log_streams(logGroupName="cases/a", **more)["logStreams"]]
    assert names() == ["s/one", "s/two", "t"] and names(logStreamNamePrefix="s/") == ["s/one", "s/two"] and names(descending=True)[0] == "t"
    put("cases/a", "s/two", "x", start=NOW - 1000)
    put("cases/a", "s/one", "x", start=NOW - 2000)
    put("cases/a", "t", "x", start=NOW - 3000)
    assert names(orderBy="LastEventTime", descending=True) == ["s/two", "s/one", "t"]
    fails("InvalidParameterException", admin.describe_log_streams, "Cannot order by LastEventTime", logGroupName="cases/a", logStreamNamePrefix="s", orderBy="LastEventTime")
    pages = admin.get_paginator("describe_log_streams").paginate(logGroupName="cases/a", orderBy="LastEventTime", PaginationConfig={"PageSize": 1})
    assert [s["logStreamName"] for p in pages for s in p["logStreams"]] == ["t", "s/one", "s/two"]
    admin.delete_log_stream(logGroupName="cases/a", logStreamName="t")
    assert names() == ["s/one", "s/two"]
    admin.delete_log_group(logGroupName="cases/a")
    fails("ResourceNotFoundException", admin.describe_log_streams, logGroupName="cases/a")
    admin.delete_log_group(logGroupName="cases/b")
    fails("NotImplemented", admin.start_query, "StartQuery", logGroupName="cases/b", startTime=0, endTime=1, queryString="fields @message")


def putting():
    admin.create_log_group(logGroupName="put")
    admin.create_log_stream(logGroupName="put", logStreamName="s")
    assert put("put", "s", "one", "zwei ü", "3")["nextSequenceToken"]
    fails("ResourceNotFoundException", admin.put_log_events, "The specified log stream does not exist.", logGroupName="put", logStreamName="none", logEvents=[{"timestamp": NOW, "message": "x"}])
    fails("InvalidParameterException", admin.put_log_events, "chronological order", logGroupName="put", logStreamName="s",
          logEvents=[{"timestamp": NOW, "message": "x"}, {"timestamp": NOW - 1, "message": "y"}])
    fails("InvalidParameterException", admin.put_log_events, "more than 24 hours", logGroupName="put", logStreamName="s",
          logEvents=[{"timestamp": NOW - 86_400_001, "message": "x"}, {"timestamp": NOW, "message": "y"}])
    fails("InvalidParameterException", admin.put_log_events, "Upload too large", logGroupName="put", logStreamName="s", logEvents=[{"timestamp": NOW, "message": "x" * 1_048_560}])
    rejected = admin.put_log_events(logGroupName="put", logStreamName="s", logEvents=[{"timestamp": NOW - 15 * 86_400_000, "message": "old"}])
    assert rejected["rejectedLogEventsInfo"]["tooOldLogEventEndIndex"] == 1, rejected
    rejected = admin.put_log_events(logGroupName="put", logStreamName="s", logEvents=[{"timestamp": NOW, "message": "now"}, {"timestamp": NOW + 3 * 3_600_000, "message": "soon"}])
    assert rejected["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}, rejected
    events = admin.get_log_events(logGroupName="put", logStreamName="s", startFromHead=True)["events"]
    assert [e["message"] for e in events] == ["one", "zwei ü", "3", "now"]


def reading():
    admin.create_log_group(logGroupName="read")
    admin.create_log_stream(logGroupName="read", logStreamName="s")
    get = lambda **more: admin.get_log_events(logGroupName="read", logStreamName="s", **more)
    empty = get(startFromHead=True)
    assert empty["events"] == [] and get(nextToken=empty["nextForwardToken"])["nextForwardToken"] == empty["nextForwardToken"]
    put("read", "s", *[str(i) for i in range(25)])
    texts = lambda answer: [e["message"] for e in answer["events"]]
    assert texts(get(nextToken=empty["nextForwardToken"])) == [str(i) for i in range(25)]
    page, all_of_them = get(startFromHead=True, limit=10), []
    while page["events"]:
        all_of_them += texts(page)
        last, page = page, get(nextToken=page["nextForwardToken"], limit=10)
    assert all_of_them == [str(i) for i in range(25)]
    assert page["nextForwardToken"] == last["nextForwardToken"], "at the end the token comes back"
    assert texts(get(limit=3)) == ["22", "23", "24"]
    back = get(limit=3)
    assert texts(get(nextToken=back["nextBackwardToken"], limit=3)) == ["19", "20", "21"]
    assert texts(get(startTime=NOW - 60_000 + 5, endTime=NOW - 60_000 + 8, startFromHead=True)) == ["5", "6", "7"]
    put("read", "s", "late", start=NOW - 60_000 + 3)
    assert texts(get(startFromHead=True, limit=6)) == ["0", "1", "2", "3", "late", "4"]
    fails("InvalidParameterException", get, "nextToken is invalid", nextToken="x")
    fails("ResourceNotFoundException", admin.get_log_events, logGroupName="read", logStreamName="none")


def filtering():
    admin.create_log_group(logGroupName="filter")
    for name in ("x", "y"):
        admin.create_log_stream(logGroupName="filter", logStreamName=name)
    put("filter", "x", "ERROR one", "INFO two", '{"level":"ERROR","code":500,"user":{"name":"ann"},"tags":["a","b"],"gone":null}', "WARN three")
    put("filter", "y", "ERROR four timeout", "DEBUG five", '{"level":"INFO","code":200,"ok":true}', "error six", start=NOW - 60_000)
    found = lambda pattern="", **more: [e["message"] for e in admin.filter_log_events(logGroupName="filter", filterPattern=pattern, **more)["events"]]
    assert len(found()) == 8
    assert found("ERROR timeout") == ["ERROR four timeout"]
    assert found("?WARN ?DEBUG") == ["DEBUG five", "WARN three"]
    assert found("ERROR -four") == ["ERROR one", '{"level":"ERROR","code":500,"user":{"name":"ann"},"tags":["a","b"],"gone":null}']
    assert found('"ERROR one"') == ["ERROR one"]
    assert found("%E[RX]+OR o%") == ["ERROR one"]
    for condition in ('$.level = "ERROR"', '$.code >= 500', '$.user.name = "a*"', '$.tags[1] = "b"', '$.tags[*] = "a"', '$.gone IS NULL',
                      '($.code < 300 || $.level = ERROR) && $.code != 200', '$.ok NOT EXISTS'):
        assert [m[:16] for m in found("{ %s }" % condition)] == ['{"level":"ERROR"'], condition
    assert found("{ $.ok IS TRUE }")[0].startswith('{"level":"INFO"')
    fails("InvalidParameterException", admin.filter_log_events, "Invalid filter pattern", logGroupName="filter", filterPattern='{ $.x = }')
    fails("InvalidParameterException", admin.filter_log_events, "space-delimited", logGroupName="filter", filterPattern="[a, b]")
    fails("InvalidParameterException", admin.filter_log_events, "double quotes", logGroupName="filter", filterPattern="a.b")
    assert len(found(logStreamNames=["x"])) == 4 and len(found(logStreamNamePrefix="y")) == 4
    pages = admin.get_paginator("filter_log_events").paginate(logGroupName="filter", interleaved=True, PaginationConfig={"PageSize": 3})
    events = [e for p in pages for e in p["events"]]
    assert len(events) == 8 and len({e["eventId"] for e in events}) == 8
    assert [e["timestamp"] for e in events] == sorted(e["timestamp"] for e in events)


def rights():
    assert [g["logGroupName"] for g in a.describe_log_groups()["logGroups"]] == [GROUP_A]
    a.create_log_stream(logGroupName=GROUP_A, logStreamName="mine")
    a.put_log_events(logGroupName=GROUP_A, logStreamName="mine", logEvents=[{"timestamp": NOW, "message": "x"}])
    for call in (a.filter_log_events, a.describe_log_streams, a.delete_log_group):
        fails("AccessDeniedException", call, "because no identity-based policy allows the logs:", logGroupName=GROUP_B)
    fails("AccessDeniedException", a.create_log_group, logGroupName="anything")


def tail_follows():
    if "aws-cli/2" not in subprocess.run(["aws", "--version"], capture_output=True, text=True).stdout:
        print("(aws logs tail: needs the AWS CLI 2)")
        return
    tail = subprocess.Popen(["aws", "logs", "tail", GROUP_A, "--follow", "--format", "short"], stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(1)
        a.put_log_events(logGroupName=GROUP_A, logStreamName="mine", logEvents=[{"timestamp": int(time.time() * 1000), "message": "followed"}])
        while "followed" not in tail.stdout.readline():
            pass
    finally:
        tail.kill()


CASES = [groups_and_streams, putting, reading, filtering, rights, tail_follows]

failed = False
for case in CASES:
    try:
        case()
    except Exception:
        failed = True
        print(f"FAILED {case.__name__}")
        traceback.print_exc(file=sys.stdout)
if failed:
    sys.exit(1)
print("all cases hold")
