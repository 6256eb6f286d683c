using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>Who may do what, seen by jobs: by paths and by the API, with the rights of their execution role.</summary>
public sealed class IdentityTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private const string Namespace = "emr-data-team-a";
    private const string RoleName = "emr-eks-karpenter-emr-data-team-a";
    private const string Role = "arn:aws:iam::000000000000:role/" + RoleName;
    private const string Own = "emr-data-team-a-000000000000-us-west-2";
    private const string Others = "emr-data-team-b-000000000000-us-west-2";
    private const string Group = "/emr-on-eks-logs/emr-eks-karpenter/emr-data-team-a";

    [Fact]
    public async Task A_job_reads_and_writes_only_what_its_role_allows_by_paths_and_by_the_api()
    {
        var hearth = Hearth();
        await PutAsync(hearth, Others, "private/k", "secret of b");
        await PutAsync(hearth, Others, "shared/k", "shared by b");
        await PutAsync(hearth, Own, "own/k", "own");
        await PolicyAsync(hearth, "shared", $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::{{Others}}/shared/*"}]}""");
        await PutAsync(hearth, Own, "scripts/rights.py", await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Aws/job_rights.py")));

        var run = await RunAsync(hearth, "rights", $"s3://{Own}/scripts/rights.py", [Own, Others]);

        run["state"]!.GetValue<string>().ShouldBe("COMPLETED", run.ToJsonString());
        var said = await StdoutAsync(hearth, run);
        foreach (var way in (string[])["path", "spark", "api"])
        {
            said.ShouldContain($"{way} reads own: yes");
            said.ShouldContain($"{way} reads shared: yes");
            said.ShouldContain($"{way} reads private: no");
            said.ShouldContain($"{way} writes own: yes");
            said.ShouldContain($"{way} writes shared: no");
            said.ShouldContain($"{way} writes elsewhere: no");
        }

        (await hearth.RunAsync("aws", "s3", "ls", $"s3://{Own}/written/")).Succeeded().ShouldContain("by-path");
        (await hearth.RunAsync("aws", "s3", "ls", $"s3://{Others}", "--recursive")).Succeeded().ShouldNotContain("written");
        (await hearth.RunAsync("aws", "iam", "delete-role-policy", "--role-name", RoleName, "--policy-name", "shared")).Succeeded();
    }

    [Fact]
    public async Task Boto3_takes_on_a_role_with_the_token_of_a_service_account()
    {
        Assert.SkipUnless((await Tool.RunAsync("python3", ["-c", "import boto3"])).Code == 0, "needs boto3");
        var hearth = Hearth();
        await PutAsync(hearth, Own, "own/k", "own");
        var accounts = JsonNode.Parse((await hearth.RunAsync("kubectl", "get", "sa", "-n", Namespace, "-o", "json")).Succeeded())!["items"]!.AsArray();
        var driver = accounts.Select(a => a!["metadata"]!).Single(m => m["name"]!.GetValue<string>().Contains("spark-driver", StringComparison.Ordinal) && m["annotations"]!["eks.amazonaws.com/role-arn"]!.GetValue<string>() == Role)["name"]!.GetValue<string>();
        const string script = """
            import boto3, sys
            from botocore.exceptions import ClientError
            print(boto3.client("sts").get_caller_identity()["Arn"])
            print(boto3.client("s3").get_object(Bucket=sys.argv[1], Key="own/k")["Body"].read().decode())
            try:
                boto3.client("s3").get_object(Bucket=sys.argv[2], Key="private/k")
            except ClientError as e:
                print(e.response["Error"]["Code"])
            """;

        var said = await AsServiceAccountAsync(hearth, Namespace, driver, "sts.amazonaws.com", script);
        said.Succeeded().Split('\n').ShouldSatisfyAllConditions(
            l => l[0].ShouldStartWith($"arn:aws:sts::000000000000:assumed-role/{RoleName}/botocore-session-"), l => l[1].ShouldBe("own"), l => l[2].ShouldBe("AccessDenied"));

        (await AsServiceAccountAsync(hearth, Namespace, driver, "somebody.else", script)).Error.ShouldContain("(InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Incorrect token audience");
        (await AsServiceAccountAsync(hearth, Namespace, "default", "sts.amazonaws.com", script)).Error.ShouldContain("Not authorized to perform sts:AssumeRoleWithWebIdentity");
        (await AsServiceAccountAsync(hearth, "emr-data-team-b", "default", "sts.amazonaws.com", script)).Error.ShouldContain("Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }

    [Fact]
    public async Task A_role_that_does_not_trust_the_namespace_fails_the_run_until_update_role_trust_policy()
    {
        var hearth = Hearth();
        const string name = "emr-late-trust";
        const string nobody = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/hearth-admin"},"Action":"sts:AssumeRole"}]}""";
        (await hearth.RunAsync("aws", "iam", "create-role", "--role-name", name, "--assume-role-policy-document", nobody)).Succeeded();
        (await hearth.RunAsync("aws", "iam", "attach-role-policy", "--role-name", name, "--policy-arn", $"arn:aws:iam::000000000000:policy/{RoleName}-permissions")).Succeeded();
        const string pi = "local:///usr/lib/spark/examples/src/main/python/pi.py";

        var run = await RunAsync(hearth, "pi", pi, [], role: $"arn:aws:iam::000000000000:role/{name}");
        run["state"]!.GetValue<string>().ShouldBe("FAILED");
        run["stateDetails"]!.GetValue<string>().ShouldContain("Not authorized to perform sts:AssumeRoleWithWebIdentity");
        run["failureReason"]!.GetValue<string>().ShouldBe("USER_ERROR");

        (await hearth.RunAsync("aws", "emr-containers", "update-role-trust-policy", "--cluster-name", "emr-eks-karpenter", "--namespace", Namespace, "--role-name", name)).Succeeded();
        run = await RunAsync(hearth, "pi", pi, [], role: $"arn:aws:iam::000000000000:role/{name}");
        run["state"]!.GetValue<string>().ShouldBe("COMPLETED", run.ToJsonString());

        var stranger = await hearth.AwsAsync("data-team-a", StartArguments(await hearth.VirtualClusterAsync(Namespace), "x", pi, [], "arn:aws:iam::000000000000:role/emr-eks-karpenter-emr-data-team-b", null));
        stranger.Error.ShouldContain("(AccessDeniedException) when calling the StartJobRun operation: User: arn:aws:iam::000000000000:user/data-team-a is not authorized to perform: iam:PassRole on resource: arn:aws:iam::000000000000:role/emr-eks-karpenter-emr-data-team-b");
    }

    [Fact]
    public async Task Logs_are_the_same_lines_everywhere_and_written_with_the_rights_of_the_role()
    {
        var hearth = Hearth();
        const string monitoring = "{\"monitoringConfiguration\":{\"cloudWatchMonitoringConfiguration\":{\"logGroupName\":\"" + Group + "\",\"logStreamNamePrefix\":\"pi\"},\"s3MonitoringConfiguration\":{\"logUri\":\"s3://" + Own + "/logs/\"}}}";
        const string pi = "local:///usr/lib/spark/examples/src/main/python/pi.py";

        var run = await RunAsync(hearth, "pi", pi, [], monitoring: monitoring);

        run["state"]!.GetValue<string>().ShouldBe("COMPLETED", run.ToJsonString());
        var (job, cluster) = (run["id"]!.GetValue<string>(), run["virtualClusterId"]!.GetValue<string>());
        var place = $"{cluster}/jobs/{job}/containers/spark-{job}/spark-{job}-driver";
        var shown = (await hearth.RunAsync("bash", "-c", $"aws s3 cp s3://{Own}/logs/{place}/stdout.gz - | gunzip")).Succeeded();
        shown.ShouldContain("Pi is roughly");
        var events = JsonNode.Parse((await hearth.AwsAsync("data-team-a", "logs", "get-log-events", "--log-group-name", Group, "--log-stream-name", $"pi/{place}/stdout", "--start-from-head", "--output", "json")).Succeeded())!;
        string.Join('\n', events["events"]!.AsArray().Select(e => e!["message"]!.GetValue<string>())).ShouldBe(shown);
        (await hearth.AwsAsync("data-team-a", "logs", "filter-log-events", "--log-group-name", Group, "--log-stream-name-prefix", $"pi/{cluster}/jobs/{job}", "--filter-pattern", "\"Pi is roughly\"", "--query", "events[].message", "--output", "text")).Succeeded().ShouldContain("Pi is roughly");
        (await hearth.AwsAsync("data-team-a", "logs", "describe-log-streams", "--log-group-name", Group, "--log-stream-name-prefix", $"pi/{cluster}/jobs/{job}", "--query", "logStreams[].logStreamName", "--output", "text")).Succeeded()
            .ShouldSatisfyAllConditions(s => s.ShouldContain("job-metadata.log"), s => s.ShouldContain("control-logs/"), s => s.ShouldContain($"{place}/stderr"));
        (await hearth.AwsAsync("data-team-b", "logs", "describe-log-streams", "--log-group-name", Group)).Error.ShouldContain("AccessDeniedException");
        (await hearth.AwsAsync("data-team-b", "logs", "describe-log-groups", "--query", "logGroups[].logGroupName", "--output", "text")).Succeeded().ShouldBe(Group.Replace("team-a", "team-b"));

        await PolicyAsync(hearth, "no-logs", """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"logs:DescribeLogGroups","Resource":"*"}]}""");
        run = await RunAsync(hearth, "pi", pi, [], monitoring: monitoring);
        run["stateDetails"]!.GetValue<string>().ShouldBe("JobRun failed. Job execution role does not have the logs:DescribeLogGroups permission.");
        (await hearth.RunAsync("aws", "iam", "delete-role-policy", "--role-name", RoleName, "--policy-name", "no-logs")).Succeeded();
        await NoSecretsAsync(hearth);
    }

    /// <summary>Nothing that opens a door is in the platform's log.</summary>
    private static async Task NoSecretsAsync(RunningHearth hearth)
    {
        var token = JsonNode.Parse((await hearth.AwsAsync("data-team-a", "sts", "get-session-token", "--output", "json")).Succeeded())!["Credentials"]!["SessionToken"]!.GetValue<string>();
        var secrets = (await File.ReadAllLinesAsync(hearth.Environment["AWS_SHARED_CREDENTIALS_FILE"])).Where(l => l.Contains("secret", StringComparison.Ordinal)).Select(l => l.Split('=', 2)[1].Trim()).ToArray();
        secrets.Length.ShouldBe(3);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(hearth.DataDirectory, "logs")))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var text = await new StreamReader(stream).ReadToEndAsync();
            foreach (var secret in secrets.Append(token).Append("FwoG").Append("AWS4-HMAC-SHA256").Append("Bearer ").Append("eyJhbGciOi"))
            {
                text.Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"{file} holds a secret ({secret[..4]}...)");
            }
        }
    }

    private static async Task<ToolResult> AsServiceAccountAsync(RunningHearth hearth, string ns, string account, string audience, string script)
    {
        var token = (await hearth.RunAsync("kubectl", "create", "token", account, "-n", ns, "--audience", audience)).Succeeded();
        var file = Path.Combine(hearth.DataDirectory, "web-identity-token");
        await File.WriteAllTextAsync(file, token);
        return await Tool.RunAsync("python3", ["-c", script, Own, Others], new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = hearth.Environment["AWS_ENDPOINT_URL"], ["AWS_REGION"] = "us-west-2", ["AWS_DEFAULT_REGION"] = "us-west-2", ["AWS_ROLE_ARN"] = Role,
            ["AWS_WEB_IDENTITY_TOKEN_FILE"] = file, ["AWS_CONFIG_FILE"] = "/dev/null", ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null", ["HOME"] = hearth.DataDirectory,
        });
    }

    private static async Task PolicyAsync(RunningHearth hearth, string name, string document) =>
        (await hearth.RunAsync("aws", "iam", "put-role-policy", "--role-name", RoleName, "--policy-name", name, "--policy-document", document)).Succeeded();

    private static async Task PutAsync(RunningHearth hearth, string bucket, string key, string text)
    {
        var file = Path.Combine(hearth.DataDirectory, "upload");
        await File.WriteAllTextAsync(file, text);
        (await hearth.RunAsync("aws", "s3api", "put-object", "--bucket", bucket, "--key", key, "--body", file)).Succeeded();
    }

    private static async Task<string> StdoutAsync(RunningHearth hearth, JsonNode run) =>
        (await hearth.RunAsync("kubectl", "logs", "-n", Namespace, $"spark-{run["id"]}-driver")).Succeeded();

    private static string[] StartArguments(string cluster, string name, string entryPoint, string[] arguments, string role, string? monitoring)
    {
        var driver = new JsonObject
        {
            ["sparkSubmitJobDriver"] = new JsonObject
            {
                ["entryPoint"] = entryPoint, ["entryPointArguments"] = new JsonArray([.. arguments.Select(a => (JsonNode)a)]), ["sparkSubmitParameters"] = "--conf spark.executor.instances=1",
            },
        };
        return
        [
            "emr-containers", "start-job-run", "--virtual-cluster-id", cluster, "--name", name, "--execution-role-arn", role, "--release-label", "emr-7.9.0-latest",
            "--job-driver", driver.ToJsonString(), .. monitoring is null ? (string[])[] : ["--configuration-overrides", monitoring], "--query", "id", "--output", "text",
        ];
    }

    private static async Task<JsonNode> RunAsync(RunningHearth hearth, string name, string entryPoint, string[] arguments, string role = Role, string? monitoring = null)
    {
        var cluster = await hearth.VirtualClusterAsync(Namespace);
        var id = (await hearth.RunAsync("aws", StartArguments(cluster, name, entryPoint, arguments, role, monitoring))).Succeeded();
        return await hearth.EndedAsync(Namespace, id);
    }

    private RunningHearth Hearth()
    {
        Assert.SkipUnless(PlatformFixture.Missing is null, PlatformFixture.Missing ?? "");
        return fixture.Hearth;
    }
}
