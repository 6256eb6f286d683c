using Hearth.Cli.Commands.Deploy;
using Hearth.Delivery.Cloud;

namespace Hearth.Cli.Tests.Deploy;

public sealed class DeployCommandTests
{
    [Fact]
    public async Task Render_writes_objects_charts_and_values()
    {
        using var directory = new TemporaryDirectory();
        var outcome = await CliHarness.Run("render", "--out", directory.Path);

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        File.ReadAllText(Path.Combine(directory.Path, "60-node-pools.yaml")).ShouldContain("kind: EC2NodeClass");
        File.ReadAllText(Path.Combine(directory.Path, "charts.yaml")).ShouldContain("oci://public.ecr.aws/karpenter");
        outcome.Out.ShouldContain(Path.Combine(directory.Path, "values/karpenter.yaml"));
    }

    [Fact]
    public async Task Render_takes_away_only_what_it_once_wrote()
    {
        using var directory = new TemporaryDirectory();
        await CliHarness.Run("render", "--out", directory.Path);
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "mine.yaml"), "x");
        await CliHarness.Run("render", "--out", directory.Path, "--blueprint", "analytics-platform");

        File.Exists(Path.Combine(directory.Path, "60-node-pools.yaml")).ShouldBeFalse();
        File.Exists(Path.Combine(directory.Path, "mine.yaml")).ShouldBeTrue();
    }

    [Fact]
    public async Task Render_puts_the_account_into_derived_names()
    {
        using var directory = new TemporaryDirectory();
        await CliHarness.Run("render", "--out", directory.Path, "--account", "111122223333");

        File.ReadAllText(Path.Combine(directory.Path, "10-namespaces.yaml")).ShouldContain("emr-data-team-a-111122223333-us-west-2");
    }

    [Fact]
    public async Task An_account_that_is_none_is_refused_by_the_fields_path()
    {
        var outcome = await CliHarness.Run("render", "--account", "12");

        outcome.ExitCode.ShouldBe(2);
        outcome.Error.ShouldContain("spec.accountId");
    }

    [Fact]
    public async Task Deploy_names_every_missing_program_before_it_does_anything()
    {
        var outcome = await CliHarness.Run("deploy", "--yes");

        outcome.ExitCode.ShouldBe(1);
        outcome.Error.ShouldContain("aws is missing");
        outcome.Error.ShouldContain("helm is missing");
        outcome.Error.ShouldContain("Nothing was made.");
    }

    [Fact]
    public async Task Deploy_refuses_a_Kubernetes_version_that_EKS_gave_up()
    {
        var outcome = await new CliHarness { Tools = new Installed() }.RunAsync(CancellationToken.None, "deploy", "--yes", "--blueprint", "analytics-platform");

        outcome.ExitCode.ShouldBe(2);
        outcome.Error.ShouldContain("spec.kubernetesVersion: EKS no longer creates clusters of Kubernetes 1.25");
    }

    [Fact]
    public async Task Destroy_says_when_there_is_no_deployment()
    {
        var outcome = await new CliHarness { Tools = new Installed() }.RunAsync(CancellationToken.None, "destroy", "--yes");

        outcome.ExitCode.ShouldBe(1);
        outcome.Error.ShouldContain("no stack of emr-eks-karpenter is deployed in account 111122223333, us-west-2");
    }

    [Fact]
    public async Task Destroy_lists_its_steps_without_doing_them()
    {
        var tools = new Installed { Stacks = """{"Stacks":[{"StackName":"emr-eks-karpenter-network","Tags":[{"Key":"hearth.dev/platform","Value":"emr-eks-karpenter"}]},{"StackName":"other"}]}""" };
        using var directory = new TemporaryDirectory();
        var outcome = await new CliHarness { Tools = tools }.RunAsync(CancellationToken.None, "destroy", "--plan", "--out", directory.Path);

        outcome.Out.ShouldBe("- Network (emr-eks-karpenter-network)\n- What still costs money (leftovers)\n");
        tools.Calls.ShouldAllBe(c => c == "sts get-caller-identity" || c == "cloudformation describe-stacks");
    }

    [Theory]
    [InlineData("arn:aws:sts::111122223333:assumed-role/Admin/ana", "arn:aws:iam::111122223333:role/Admin")]
    [InlineData("arn:aws:iam::111122223333:user/ana", "arn:aws:iam::111122223333:user/ana")]
    public void Access_entries_are_for_roles_not_for_their_sessions(string caller, string principal) => DeployCommand.Principal(caller).ShouldBe(principal);

    private sealed class Installed : ITools
    {
        public string Stacks { get; init; } = """{"Stacks":[]}""";

        public List<string> Calls { get; } = [];

        public bool Has(string program) => true;

        public Task<ToolResult> RunAsync(ToolCall call, Action<string>? line, CancellationToken cancellation)
        {
            Calls.Add(string.Join(' ', call.Arguments.Take(2)));
            return Task.FromResult(new ToolResult(0, call.Arguments[0] switch
            {
                "sts" => """{"Account":"111122223333","Arn":"arn:aws:iam::111122223333:user/ana"}""",
                "cloudformation" => Stacks,
                _ => """{"Parameter":{"Value":"21"}}""",
            }, ""));
        }
    }
}
