using System.Diagnostics;

namespace Hearth.Deploy.Tests.Synth;

/// <summary>The CDK's own command line over what the app writes: no account, no credentials, no network.</summary>
public sealed class CdkCommandTests
{
    private const string Missing = "needs aws-cdk (npm install in tests/Hearth.Deploy.Tests) and node";
    private const string Stack = "emr-eks-karpenter-network";

    [Fact]
    public async Task Cdk_synth_reads_the_assembly_and_gives_back_the_template()
    {
        Assert.SkipUnless(Installed, Missing);
        var (code, output) = await CdkAsync("synth", Stack, "--app", Templates.Karpenter.Directory, "--exclusively", "--json");

        code.ShouldBe(0, output);
        output.ShouldContain("AWS::EC2::VPC");
        output.ShouldContain("10.1.0.0/16");
    }

    [Fact]
    public async Task Cdk_diff_finds_what_changes_in_place_and_what_is_replaced()
    {
        Assert.SkipUnless(Installed, Missing);
        var deployed = Path.GetTempFileName();
        await File.WriteAllTextAsync(deployed, (await File.ReadAllTextAsync(Template)).Replace("10.1.0.0/16", "10.9.0.0/16", StringComparison.Ordinal));

        var (code, output) = await CdkAsync("diff", Stack, "--app", Templates.Karpenter.Directory, "--exclusively", "--template", deployed, "--fail");
        File.Delete(deployed);

        code.ShouldBe(1, output);
        output.ShouldContain("CidrBlock (requires replacement)");
    }

    [Fact]
    public async Task Cdk_diff_of_what_is_deployed_is_empty()
    {
        Assert.SkipUnless(Installed, Missing);
        var (code, output) = await CdkAsync("diff", Stack, "--app", Templates.Karpenter.Directory, "--exclusively", "--template", Template, "--fail");

        code.ShouldBe(0, output);
        output.ShouldContain("There were no differences");
    }

    private static bool Installed => Programs.Has("node") && NodeModules.Find("aws-cdk/bin/cdk") is not null;

    private static string Template => Path.Combine(Templates.Karpenter.Directory, $"{Stack}.template.json");

    private static async Task<(int Code, string Output)> CdkAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [NodeModules.Find("aws-cdk/bin/cdk")!, .. arguments, "--ci"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in (string[])["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["CDK_DISABLE_CLI_TELEMETRY"] = "true";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
