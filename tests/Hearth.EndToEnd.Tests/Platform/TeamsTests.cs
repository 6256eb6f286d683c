namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>Two teams on one platform: what team a can do with what is of team b. The cases are the functions of <c>Aws/team_cases.py</c>.</summary>
public sealed class TeamsTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    [Fact]
    public async Task A_team_neither_sees_nor_touches_what_is_of_the_other()
    {
        Assert.SkipUnless(PlatformFixture.Missing is null, PlatformFixture.Missing ?? "");
        Assert.SkipUnless((await Tool.RunAsync("python3", ["-c", "import boto3"])).Code == 0, "needs boto3");
        var hearth = fixture.Hearth;
        var kubeconfig = Path.Combine(hearth.DataDirectory, "kubeconfig-of-team-a");
        (await hearth.AwsAsync("data-team-a", "eks", "update-kubeconfig", "--name", "emr-eks-karpenter", "--kubeconfig", kubeconfig)).Succeeded();

        var told = await hearth.RunAsync("python3", Path.Combine(AppContext.BaseDirectory, "Aws/team_cases.py"), kubeconfig);

        told.Output.Trim().Split('\n')[^1].ShouldBe("all cases hold", told.Output + told.Error);
    }
}
