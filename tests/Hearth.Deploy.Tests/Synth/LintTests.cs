using System.Diagnostics;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Synth;

public sealed class LintTests
{
    /// <summary>W3010: zones are written out because the declaration names them.</summary>
    private static readonly string[] Arguments = ["--format", "parseable", "--ignore-checks", "W3010", "--"];

    /// <summary>An action that EMR's guide to Studio asks for and IAM's list of actions does not have (W3037).</summary>
    private const string Unlisted = "createaccesstokenformanagedendpoint";

    public static TheoryData<string> Blueprints => [.. PlatformLoader.Blueprints];

    [Theory]
    [MemberData(nameof(Blueprints))]
    public async Task Templates_pass_cfn_lint(string blueprint)
    {
        Assert.SkipUnless(Programs.Has("cfn-lint"), "needs cfn-lint");
        await LintAsync(blueprint);
    }

    /// <summary>A quarter of a minute each.</summary>
    [Fact]
    public async Task What_people_make_of_the_blueprints_passes_cfn_lint_too()
    {
        Assert.SkipUnless(Programs.Has("cfn-lint") && Environment.GetEnvironmentVariable("HEARTH_LONG_TESTS") == "1", "needs cfn-lint and HEARTH_LONG_TESTS=1: minutes");
        foreach (var variant in Variants.Others)
        {
            await LintAsync(variant);
        }
    }

    private static async Task LintAsync(string variant)
    {
        var start = new ProcessStartInfo("cfn-lint") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments.Concat(Variants.Of(variant).Files))
        {
            start.ArgumentList.Add(argument);
        }

        using var lint = Process.Start(start)!;
        var errors = lint.StandardError.ReadToEndAsync();
        var said = await lint.StandardOutput.ReadToEndAsync();
        await lint.WaitForExitAsync();

        var faults = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.Contains(Unlisted, StringComparison.Ordinal)).ToArray();
        (faults.Length > 0 || (said.Length == 0 && lint.ExitCode != 0)).ShouldBeFalse(string.Join('\n', faults) + await errors);
    }
}

/// <summary>Programs that some tests need.</summary>
internal static class Programs
{
    /// <summary>True when a program of this name is on the path.</summary>
    public static bool Has(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(d => d.Length > 0 && File.Exists(Path.Combine(d, name)));
}
