using Hearth.Delivery.Cloud;
using Hearth.Delivery.Install;
using Hearth.Platform;

namespace Hearth.Delivery.Tests;

public sealed class PrerequisiteTests
{
    private static PlatformDeclaration Platform => PlatformLoader.Load("emr-eks-karpenter", p => p with { AccountId = "111122223333" });

    [Fact]
    public async Task All_is_well_when_tools_account_and_bootstrap_are() =>
        (await Check(Good(), Platform)).ShouldBe("arn:aws:iam::111122223333:user/ana");

    [Fact]
    public async Task Missing_programs_are_named_with_the_way_to_get_them()
    {
        var tools = Good();
        tools.Missing.Add("helm");
        tools.Missing.Add("cdk");

        var wrong = await Should.ThrowAsync<DeliveryException>(() => Check(tools, Platform));

        wrong.Message.ShouldContain("helm is missing (installs charts)");
        wrong.Message.ShouldContain("npm install -g aws-cdk");
        tools.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Helm_is_not_needed_by_whoever_installs_charts_otherwise()
    {
        var tools = Good();
        tools.Missing.Add("helm");

        (await new Prerequisites(tools, new Day()).CheckAsync(Platform, charts: false, CancellationToken.None)).ShouldBe("arn:aws:iam::111122223333:user/ana");
    }

    [Fact]
    public async Task Another_account_is_refused_by_the_fields_path()
    {
        var wrong = await Should.ThrowAsync<PlatformException>(() => Check(Good().Answer("sts get-caller-identity", """{"Account":"999999999999","Arn":"arn:aws:iam::999999999999:user/x"}"""), Platform));

        wrong.Faults.Single().Path.ShouldBe("spec.accountId");
    }

    [Fact]
    public async Task An_account_without_bootstrap_says_what_to_run() =>
        (await Should.ThrowAsync<DeliveryException>(() => Check(Good().Answer("cdk-bootstrap", "", 254, "An error occurred (ParameterNotFound)"), Platform)))
            .Hint.ShouldBe("Run once: cdk bootstrap aws://111122223333/us-west-2");

    [Fact]
    public async Task People_who_do_not_exist_are_named_by_the_fields_path()
    {
        var platform = PlatformLoader.Load("analytics-platform", p => p with
        {
            KubernetesVersion = "1.33", Studio = p.Studio with { Users = [new StudioUser { Name = "nobody", Endpoints = ["myendpoint"] }] },
        });

        var wrong = await Should.ThrowAsync<PlatformException>(() => Check(Good().Answer("iam get-user", "", 254, "NoSuchEntity"), platform));

        wrong.Faults.ShouldContain(f => f.Path == "spec.studio.users[0].name");
    }

    [Fact]
    public async Task More_than_the_account_allows_is_named_by_the_fields_path()
    {
        const string quotas = """{"Quotas":[{"QuotaName":"Managed node groups per cluster","Value":0.0},{"QuotaName":"Nodes per managed node group","Value":8.0},{"QuotaName":"Clusters","Value":100.0}]}""";

        (await Should.ThrowAsync<PlatformException>(() => Check(Good().Answer("list-service-quotas", quotas), Platform))).Faults.Select(f => f.ToString()).ShouldBe(
        [
            "spec.nodeGroups: 1 node groups, one a zone counted each; this account allows 0 a cluster: declare fewer, or raise the quota of EKS",
            "spec.nodeGroups[0].maxSize: 9 nodes; this account allows 8 a group: declare fewer, or raise the quota of EKS",
        ]);
    }

    [Fact]
    public async Task An_account_that_does_not_tell_its_quotas_is_not_held_up() =>
        (await Check(Good().Answer("list-service-quotas", "", 254, "AccessDeniedException"), Platform)).ShouldBe("arn:aws:iam::111122223333:user/ana");

    [Fact]
    public async Task A_Kubernetes_version_that_EKS_gave_up_is_refused() =>
        (await Should.ThrowAsync<PlatformException>(() => Check(Good(), Platform with { KubernetesVersion = "1.25" }))).Faults.Single().Path.ShouldBe("spec.kubernetesVersion");

    [Theory]
    [InlineData("1.24", true)]
    [InlineData("1.30", true)]
    [InlineData("1.31", true)]
    [InlineData("1.32", false)]
    [InlineData("1.33", false)]
    [InlineData("1.35", false)]
    [InlineData("1.99", false)]
    public void Versions_have_their_day(string version, bool ended) => (KubernetesVersions.Fault(version, new DateOnly(2026, 11, 29)) is not null).ShouldBe(ended);

    [Fact]
    public async Task Nothing_is_made_by_checking()
    {
        var tools = Good();
        await Check(tools, Platform);

        tools.Calls.ShouldAllBe(c => c.Arguments[1].StartsWith("get-", StringComparison.Ordinal) || c.Arguments[1].StartsWith("list-", StringComparison.Ordinal));
    }

    private static FakeTools Good() => new FakeTools()
        .Answer("sts get-caller-identity", """{"Account":"111122223333","Arn":"arn:aws:iam::111122223333:user/ana"}""")
        .Answer("cdk-bootstrap", """{"Parameter":{"Value":"21"}}""");

    private static Task<string> Check(FakeTools tools, PlatformDeclaration platform) => new Prerequisites(tools, new Day()).CheckAsync(platform, charts: true, CancellationToken.None);

    private sealed class Day : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);
    }
}
