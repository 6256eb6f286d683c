using Hearth.Delivery.Cloud;
using Hearth.Delivery.Install;
using Hearth.Delivery.Teardown;
using Hearth.Platform;

namespace Hearth.Delivery.Tests;

public sealed class InstallRunTests : IDisposable
{
    private static readonly string[] Stacks = ["emr-eks-karpenter-network", "emr-eks-karpenter-cluster", "emr-eks-karpenter-storage", "emr-eks-karpenter-monitoring", "emr-eks-karpenter-teams"];
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-delivery-").FullName;
    private readonly PlatformDeclaration _platform = PlatformLoader.Load("emr-eks-karpenter");

    public InstallRunTests()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "assembly"));
        foreach (var stack in Stacks)
        {
            Template(stack, "{}");
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Every_step_is_done_once_and_in_order()
    {
        var tools = Good();
        await Run(tools);

        Said(tools, "cdk deploy").Select(c => c.Arguments[1]).ShouldBe(Stacks);
        Said(tools, "upgrade --install").Count().ShouldBe(3);
        Said(tools, "iam create-service-linked-role").Count().ShouldBe(1);
    }

    [Fact]
    public async Task Values_have_the_outputs_of_the_stacks_before()
    {
        var tools = Good().Answer("describe-stacks --stack-name emr-eks-karpenter-cluster", """{"Stacks":[{"Outputs":[{"OutputKey":"ClusterEndpoint","OutputValue":"https://eks.example"}]}]}""");
        await Run(tools);

        File.ReadAllText(Path.Combine(_directory, "values", "karpenter.yaml")).ShouldContain("https://eks.example");
    }

    [Fact]
    public async Task A_run_that_failed_goes_on_where_it_stopped()
    {
        var failing = Good().Answer("upgrade --install karpenter", "", 1, "timed out waiting for the condition");
        var wrong = await Should.ThrowAsync<DeliveryException>(() => Run(failing));
        wrong.Message.ShouldContain("timed out waiting for the condition");
        Said(failing, "cdk deploy").Count().ShouldBe(4);

        var tools = Good();
        var progress = await Run(tools);

        Said(tools, "cdk deploy").Select(c => c.Arguments[1]).ShouldBe(["emr-eks-karpenter-teams"]);
        progress.Skipped.ShouldContain("stack:emr-eks-karpenter-cluster");
    }

    [Fact]
    public async Task A_stack_that_an_earlier_run_left_under_way_is_waited_for()
    {
        var asked = 0;
        var tools = Good().Answer("describe-stacks --stack-name emr-eks-karpenter-network",
            _ => new ToolResult(0, asked++ == 0 ? """{"Stacks":[{"StackStatus":"CREATE_IN_PROGRESS"}]}""" : """{"Stacks":[{"StackStatus":"CREATE_COMPLETE"}]}""", ""));
        var progress = await Run(tools, new Impatient());

        progress.Lines.ShouldContain("emr-eks-karpenter-network is CREATE_IN_PROGRESS from an earlier run: waiting");
        Said(tools, "cdk deploy").Count().ShouldBe(5);
    }

    [Theory]
    [InlineData("pending-install", "uninstall karpenter")]
    [InlineData("pending-upgrade", "rollback karpenter")]
    public async Task A_chart_that_a_killed_run_left_half_done_is_taken_back_first(string status, string call)
    {
        var asked = 0;
        var tools = Good().Answer("status karpenter", _ => new ToolResult(0, "{\"info\":{\"status\":\"" + (asked++ == 0 ? status : "deployed") + "\"}}", ""));
        await Run(tools);

        var order = tools.Calls.Select(FakeTools.Text).ToList();
        order.FindIndex(c => c.Contains(call, StringComparison.Ordinal)).ShouldBeInRange(0, order.FindIndex(c => c.Contains("upgrade --install karpenter", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("p-network |  3/25 | 12:00:01 PM | CREATE_IN_PROGRESS   | AWS::EC2::VPC | Network/Vpc (NetworkVpc1)", "3/25 CREATE_IN_PROGRESS AWS::EC2::VPC Network/Vpc (NetworkVpc1)")]
    [InlineData("p-network | 4 | 18:44:04 | UPDATE_COMPLETE | AWS::IAM::Role | Role (R) ", "4/ UPDATE_COMPLETE AWS::IAM::Role Role (R)")]
    [InlineData("p-network: deploying... [1/1]", "")]
    [InlineData("", "")]
    public void Events_of_a_stack_are_told_from_other_lines(string line, string expected) =>
        (StackEvent.Parse(line) is { } e ? $"{e.Done}/{e.Of} {e.Status} {e.Type} {e.Name}" : "").ShouldBe(expected);

    [Fact]
    public async Task A_stack_whose_template_changed_is_deployed_again()
    {
        await Run(Good());
        Template("emr-eks-karpenter-network", """{"Resources":{}}""");

        var tools = Good();
        await Run(tools);

        Said(tools, "cdk deploy").Select(c => c.Arguments[1]).ShouldBe(["emr-eks-karpenter-network"]);
    }

    [Fact]
    public async Task The_generated_password_goes_to_the_cluster_and_nowhere_else()
    {
        var tools = Good().Answer("get secret grafana-admin", "", 1, "NotFound");
        await Run(tools);

        var secret = tools.Calls.Single(c => c.Input?.Contains("admin-password", StringComparison.Ordinal) == true);
        var password = secret.Input!.Split('\n').Single(l => l.Contains("admin-password:", StringComparison.Ordinal)).Split(": ")[1];
        password.Trim().Length.ShouldBe(32);
        Directory.GetFiles(_directory, "*", SearchOption.AllDirectories).ShouldAllBe(f => !File.ReadAllText(f).Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_that_is_there_stays()
    {
        var tools = Good();
        await Run(tools);

        tools.Calls.ShouldNotContain(c => c.Input != null && c.Input.Contains("admin-password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_as_it_should_be_is_named_at_the_end()
    {
        var wrong = await Should.ThrowAsync<DeliveryException>(() => Run(Good().Answer("list-virtual-clusters", """{"virtualClusters":[]}""")));

        wrong.Message.ShouldContain("virtual cluster emr-eks-karpenter-emr-data-team-a is missing, expected RUNNING");
    }

    [Theory]
    [InlineData("describe-nodegroup", """{"nodegroup":{"status":"DEGRADED"}}""", "node group core-node-group is DEGRADED, expected ACTIVE")]
    [InlineData("--addon-name coredns", """{"addon":{"status":"CREATE_FAILED"}}""", "EKS add-on coredns is CREATE_FAILED, expected ACTIVE")]
    [InlineData("status karpenter", """{"info":{"status":"failed"}}""", "chart karpenter is failed, expected deployed")]
    [InlineData("list-workspaces", """{"workspaces":[]}""", "Prometheus workspace is missing, expected ACTIVE")]
    public async Task Each_thing_is_looked_at_in_the_words_of_its_service(string call, string answer, string said) =>
        (await Should.ThrowAsync<DeliveryException>(() => Run(Good().Answer(call, answer)))).Message.ShouldContain(said);

    [Fact]
    public async Task What_is_verified_is_verified_again_by_the_next_run()
    {
        await Run(Good());
        var tools = Good();
        await Run(tools);

        Said(tools, "list-virtual-clusters").Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("An error occurred (InvalidInput): Service role name AWSServiceRoleForAmazonEMRContainers has been taken in this account")]
    [InlineData("An error occurred (EntityAlreadyExists)")]
    public async Task A_service_linked_role_that_is_there_is_as_good_as_made(string error) => await Run(Good().Answer("create-service-linked-role", "", 254, error));

    [Fact]
    public async Task A_broken_state_file_only_means_doing_things_again()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "state.json"), "{ torn");
        var tools = Good();
        await Run(tools);

        Said(tools, "cdk deploy").Count().ShouldBe(5);
    }

    [Fact]
    public async Task Teardown_cancels_jobs_then_destroys_the_stacks_and_says_what_is_left()
    {
        var tools = Good()
            .Answer("list-virtual-clusters", """{"virtualClusters":[{"id":"vc1","name":"a"}]}""")
            .Answer("get-resources", """{"ResourceTagMappingList":[{"ResourceARN":"arn:aws:ec2:us-west-2:000000000000:volume/vol-1"},{"ResourceARN":"arn:aws:s3:::platform-workspaces"}]}""")
            .Answer("get-bucket-location --bucket emr-data-team-a", """{"LocationConstraint":"us-west-2"}""")
            .Answer("get-bucket-location --bucket emr-data-team-b", "", 254, "NoSuchBucket: not found");
        var left = await new TeardownRun(_platform, _directory, tools, new Silence(), TimeProvider.System).RunAsync(TeardownPlan.Of(_platform, Stacks), CancellationToken.None);

        Said(tools, "delete-stack").Select(c => c.Arguments[3]).ShouldBe(["emr-eks-karpenter-teams", "emr-eks-karpenter-monitoring", "emr-eks-karpenter-storage", "emr-eks-karpenter-cluster", "emr-eks-karpenter-network"]);
        left.ShouldContain(l => l.Contains("volume/vol-1", StringComparison.Ordinal));
        left.ShouldContain(l => l.StartsWith("bucket emr-data-team-a", StringComparison.Ordinal));
        left.ShouldNotContain(l => l.StartsWith("bucket emr-data-team-b", StringComparison.Ordinal));
        left.ShouldContain(l => l.Contains("platform-workspaces", StringComparison.Ordinal) && l.Contains("aws s3 rb", StringComparison.Ordinal));
    }

    private static FakeTools Good() => new FakeTools()
        .Answer("update-kubeconfig", "Added new context arn:aws:eks:us-west-2:000000000000:cluster/emr-eks-karpenter to kubeconfig\n")
        .Answer("describe-nodegroup", """{"nodegroup":{"status":"ACTIVE"}}""")
        .Answer("describe-addon", """{"addon":{"status":"ACTIVE"}}""")
        .Answer("list-workspaces", """{"workspaces":[{"status":{"statusCode":"ACTIVE"}}]}""")
        .Answer(" status ", """{"info":{"status":"deployed"}}""")
        .Answer("describe-cluster", """{"cluster":{"status":"ACTIVE"}}""")
        .Answer("list-virtual-clusters", """{"virtualClusters":[{"id":"1","name":"emr-eks-karpenter-emr-data-team-a"},{"id":"2","name":"emr-eks-karpenter-emr-data-team-b"}]}""")
        .Answer("iam get-role", "", 254, "NoSuchEntity");

    private static IEnumerable<ToolCall> Said(FakeTools tools, string text) => tools.Calls.Where(c => FakeTools.Text(c).Contains(text, StringComparison.Ordinal));

    private async Task<Silence> Run(FakeTools tools, TimeProvider? clock = null)
    {
        var progress = new Silence();
        await new InstallRun(_platform, _directory, tools, progress, clock).RunAsync(InstallPlan.Of(_platform, Stacks), CancellationToken.None);
        return progress;
    }

    /// <summary>Pauses end at once.</summary>
    private sealed class Impatient : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private void Template(string stack, string text) => File.WriteAllText(Path.Combine(_directory, "assembly", $"{stack}.template.json"), text);
}
