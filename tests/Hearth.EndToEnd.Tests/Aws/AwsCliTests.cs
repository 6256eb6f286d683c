using System.Text.Json.Nodes;

namespace Hearth.EndToEnd.Tests.Aws;

/// <summary>The unmodified AWS CLI against the endpoint.</summary>
public sealed class AwsCliTests(AwsPlatform platform) : IClassFixture<AwsPlatform>
{
    [Fact]
    public async Task The_keys_of_the_profiles_are_believed_and_others_are_not()
    {
        AwsPlatform.Needs("aws");
        var me = await JsonAsync("hearth", "sts get-caller-identity");
        me["Arn"]!.ToString().ShouldBe("arn:aws:iam::123456789012:user/hearth-admin");
        (await JsonAsync(AwsPlatform.TeamA, "sts get-caller-identity"))["Arn"]!.ToString().ShouldEndWith("user/emr-data-team-a");

        (await FailAsync("hearth", "emr-containers list-virtual-clusters --region eu-central-1")).ShouldContain("--region us-west-2");
        (await FailAsync("hearth", "iam list-groups")).ShouldContain("the IAM operation ListGroups");
        (await FailAsync("hearth", "glue get-databases")).ShouldContain("the operation GetDatabases of the service glue");
        (await FailAsync("hearth", "s3api get-object-acl --bucket b --key k")).ShouldContain("GetObjectAcl");
        File.WriteAllText(Path.Combine(platform.Root, "aws/credentials"), File.ReadAllText(Path.Combine(platform.Root, "aws/credentials")) + "\n[wrong]\naws_access_key_id = "
            + platform.Credentials.All[0].AccessKeyId + "\naws_secret_access_key = wrong\n");
        File.AppendAllText(Path.Combine(platform.Root, "aws/config"), $"\n[profile wrong]\nregion = us-west-2\nendpoint_url = {platform.Address}\n");
        (await FailAsync("wrong", "s3 ls")).ShouldContain("SignatureDoesNotMatch");
        (await FailAsync("wrong", "emr-containers list-virtual-clusters")).ShouldContain("InvalidSignatureException");
    }

    [Fact]
    public async Task Directories_are_synchronised_both_ways()
    {
        AwsPlatform.Needs("aws");
        var here = Path.Combine(platform.Root, "here");
        string[] names = ["script.py", "input/a b.csv", "input/c+d%25e.csv", "input/ü/日本.txt", "input/~tilde=1&2.txt"];
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(here, name))!);
            File.WriteAllText(Path.Combine(here, name), "content of " + name);
        }
        await AwsAsync("hearth", "s3 mb s3://sync-bucket");
        var first = await AwsAsync("hearth", $"s3 sync {here} s3://sync-bucket/job/");
        first.Split('\n').Count(l => l.Contains("upload:")).ShouldBe(names.Length);
        (await AwsAsync("hearth", $"s3 sync {here} s3://sync-bucket/job/")).ShouldNotContain("upload:");
        foreach (var name in names)
        {
            File.ReadAllText(Path.Combine(platform.Root, "s3/sync-bucket/job", name)).ShouldBe("content of " + name);
        }

        File.Delete(Path.Combine(here, names[1]));
        (await AwsAsync("hearth", $"s3 sync {here} s3://sync-bucket/job/ --delete")).ShouldContain("delete: s3://sync-bucket/job/input/a b.csv");
        var there = Path.Combine(platform.Root, "there");
        await AwsAsync("hearth", $"s3 sync s3://sync-bucket/job {there}");
        (await AwsAsync("hearth", $"s3 sync s3://sync-bucket/job {there}")).ShouldNotContain("download:");
        File.ReadAllText(Path.Combine(there, names[3])).ShouldBe("content of " + names[3]);
        (await AwsAsync("hearth", "s3 ls s3://sync-bucket/job/")).ShouldMatch(@"PRE input/\n.* 20 script\.py");
        await AwsAsync("hearth", "s3 rm s3://sync-bucket --recursive");
        await AwsAsync("hearth", "s3 rb s3://sync-bucket");
        Directory.Exists(Path.Combine(platform.Root, "s3/sync-bucket")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_large_file_goes_up_in_parts_and_comes_back_the_same()
    {
        AwsPlatform.Needs("aws");
        var bytes = new byte[64 << 20];
        new Random(1).NextBytes(bytes);
        var file = Path.Combine(platform.Root, "large.bin");
        File.WriteAllBytes(file, bytes);
        await AwsAsync("hearth", "s3 mb s3://large");
        await AwsAsync("hearth", $"s3 cp {file} s3://large/x/large.bin --no-progress");
        var head = await JsonAsync("hearth", "s3api head-object --bucket large --key x/large.bin");
        head["ETag"]!.ToString().ShouldEndWith("-8\"");
        head["ContentLength"]!.GetValue<long>().ShouldBe(bytes.Length);
        await AwsAsync("hearth", $"s3 cp s3://large/x/large.bin {file}.back --no-progress");
        File.ReadAllBytes(file + ".back").AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        await AwsAsync("hearth", "s3 mv s3://large/x/large.bin s3://large/y/moved.bin --no-progress");
        (await AwsAsync("hearth", "s3 ls s3://large --recursive")).ShouldContain("67108864 y/moved.bin");
        Directory.Exists(Path.Combine(platform.Root, "s3/large/x")).ShouldBeFalse();
        Directory.EnumerateDirectories(Path.Combine(platform.Root, "s3/.uploads/large")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_team_sees_only_what_is_its_own()
    {
        AwsPlatform.Needs("aws");
        await AwsAsync(AwsPlatform.TeamA, "s3 mb s3://team-a-data");
        (await AwsAsync(AwsPlatform.TeamA, "s3 ls")).ShouldContain("team-a-data");
        (await AwsAsync(AwsPlatform.TeamB, "s3 ls")).ShouldNotContain("team-a-data");
        (await FailAsync(AwsPlatform.TeamB, "s3 ls s3://team-a-data")).ShouldContain("AccessDenied");
        (await FailAsync(AwsPlatform.TeamB, "s3api put-object --bucket team-a-data --key k")).ShouldContain("is not authorized to perform: s3:PutObject");
        (await AwsAsync("hearth", "s3 ls")).ShouldContain("team-a-data");
    }

    [Fact]
    public async Task Virtual_clusters_and_job_runs_through_emr_containers()
    {
        AwsPlatform.Needs("aws");
        var provider = "{\"type\":\"EKS\",\"id\":\"emr-eks-karpenter\",\"info\":{\"eksInfo\":{\"namespace\":\"emr-data-team-a\"}}}";
        var made = JsonNode.Parse(await platform.RunAsync("hearth", "aws", ["emr-containers", "create-virtual-cluster", "--name", "team-a", "--container-provider", provider]))!;
        var id = made["id"]!.ToString();
        made["arn"]!.ToString().ShouldBe($"arn:aws:emr-containers:us-west-2:123456789012:/virtualclusters/{id}");
        (await AwsAsync(AwsPlatform.TeamA, "emr-containers list-virtual-clusters --query virtualClusters[].name --output text")).Trim().ShouldBe("team-a");
        (await AwsAsync(AwsPlatform.TeamB, "emr-containers list-virtual-clusters --query virtualClusters[].name --output text")).Trim().ShouldBeEmpty();
        (await FailAsync(AwsPlatform.TeamB, $"emr-containers describe-virtual-cluster --id {id}")).ShouldContain("AccessDeniedException");
        (await FailAsync(AwsPlatform.TeamA, "emr-containers describe-virtual-cluster --id nothere"))
            .ShouldContain("(ResourceNotFoundException) when calling the DescribeVirtualCluster operation: Virtual cluster nothere doesn't exist.");

        string[] start =
        [
            "emr-containers", "start-job-run", "--virtual-cluster-id", id, "--name", "taxidata", "--execution-role-arn", "arn:aws:iam::123456789012:role/emr-data-team-a",
            "--release-label", "emr-7.9.0-latest", "--job-driver", "{\"sparkSubmitJobDriver\":{\"entryPoint\":\"s3://b/s.py\",\"entryPointArguments\":[\"a\",\"b\"]}}",
        ];
        var run = JsonNode.Parse(await platform.RunAsync(AwsPlatform.TeamA, "aws", start))!;
        var described = (await JsonAsync(AwsPlatform.TeamA, $"emr-containers describe-job-run --virtual-cluster-id {id} --id {run["id"]}"))["jobRun"]!;
        described["createdBy"]!.ToString().ShouldEndWith("user/emr-data-team-a");
        described["jobDriver"]!["sparkSubmitJobDriver"]!["entryPointArguments"]!.AsArray().Count.ShouldBe(2);
        (await AwsAsync(AwsPlatform.TeamA, $"emr-containers list-job-runs --virtual-cluster-id {id} --states PENDING SUBMITTED RUNNING --query jobRuns[].name --output text")).Trim().ShouldBe("taxidata");
        (await FailAsync(AwsPlatform.TeamB, $"emr-containers cancel-job-run --virtual-cluster-id {id} --id {run["id"]}")).ShouldContain("AccessDeniedException");
        start[7] = "not-an-arn-but-long-enough";
        (await platform.RunAsync(AwsPlatform.TeamA, "aws", start, exitCode: 255)).ShouldContain("at 'executionRoleArn' failed to satisfy constraint");
        (await AwsAsync(AwsPlatform.TeamA, $"emr-containers cancel-job-run --virtual-cluster-id {id} --id {run["id"]}")).ShouldContain(run["id"]!.ToString());
    }

    [Fact]
    public async Task A_kubeconfig_can_be_had()
    {
        AwsPlatform.Needs("aws");
        (await JsonAsync("hearth", "eks list-clusters"))["clusters"]![0]!.ToString().ShouldBe("emr-eks-karpenter");
        await AwsAsync("hearth", "eks update-kubeconfig --name emr-eks-karpenter");
        File.ReadAllText(Path.Combine(platform.Root, "kubeconfig")).ShouldContain("server: https://127.0.0.1:6443");
        (await FailAsync("hearth", "eks describe-cluster --name other")).ShouldContain("No cluster found for name: other.");
        var token = (await JsonAsync(AwsPlatform.TeamA, "eks get-token --cluster-name emr-eks-karpenter"))["status"]!["token"]!.ToString();
        var authenticator = new Hearth.Aws.Eks.EksTokenAuthenticator(platform.Credentials, "emr-eks-karpenter", AwsPlatform.Region, TimeProvider.System);
        authenticator.Authenticate(token, out var reason).ShouldNotBeNull(reason).Groups.ShouldBe(["hearth:team:emr-data-team-a"]);
    }

    private Task<string> AwsAsync(string profile, string command) => platform.RunAsync(profile, "aws", command.Split(' '));

    private Task<string> FailAsync(string profile, string command) => platform.RunAsync(profile, "aws", command.Split(' '), ExitCode(command));

    private async Task<JsonNode> JsonAsync(string profile, string command) => JsonNode.Parse(await AwsAsync(profile, command))!;

    // The high-level S3 commands have exit codes of their own.
    private static int ExitCode(string command) => command.StartsWith("s3 ", StringComparison.Ordinal) && !command.StartsWith("s3 ls", StringComparison.Ordinal) ? 1 : 255;
}
