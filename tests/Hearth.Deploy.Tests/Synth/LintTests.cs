using System.Diagnostics;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Synth;

public sealed class LintTests
{
    /// <summary>W3010: zones are written out because the declaration names them.</summary>
    private static readonly string[] Arguments = ["--ignore-checks", "W3010", "--"];

    public static TheoryData<string> Blueprints => [.. PlatformLoader.Blueprints];

    [Theory]
    [MemberData(nameof(Blueprints))]
    public async Task Templates_pass_cfn_lint(string blueprint)
    {
        Assert.SkipUnless(Programs.Has("cfn-lint"), "needs cfn-lint");
        var start = new ProcessStartInfo("cfn-lint") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments.Concat(Templates.Of(blueprint).Files))
        {
            start.ArgumentList.Add(argument);
        }

        using var lint = Process.Start(start)!;
        var errors = lint.StandardError.ReadToEndAsync();
        var said = await lint.StandardOutput.ReadToEndAsync();
        await lint.WaitForExitAsync();

        lint.ExitCode.ShouldBe(0, said + await errors);
    }
}

/// <summary>Programs that some tests need.</summary>
internal static class Programs
{
    /// <summary>True when a program of this name is on the path.</summary>
    public static bool Has(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(d => d.Length > 0 && File.Exists(Path.Combine(d, name)));
}
