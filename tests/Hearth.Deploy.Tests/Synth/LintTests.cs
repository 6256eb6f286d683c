using System.Diagnostics;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Synth;

public sealed class LintTests
{
    /// <summary>W3010: zones are written out because the declaration names them.</summary>
    private static readonly string[] Arguments = ["--format", "parseable", "--ignore-checks", "W3010", "--"];

    /// <summary>An action that EMR's guide to Studio asks for and IAM's list of actions does not have (W3037).</summary>
    private const string Unlisted = "createaccesstokenformanagedendpoint";

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public async Task Templates_pass_cfn_lint(string variant)
    {
        Assert.SkipUnless(Programs.Has("cfn-lint"), "needs cfn-lint");
        // A quarter of a minute each: the blueprints always, what people make of them when asked to.
        Assert.SkipUnless(PlatformLoader.Blueprints.Contains(variant) || Environment.GetEnvironmentVariable("HEARTH_LONG_TESTS") == "1", "needs HEARTH_LONG_TESTS=1");
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
