using System.Diagnostics;
using Hearth.Deploy.Tests.Synth;

namespace Hearth.Deploy.Tests;

/// <summary>The app as <c>hearth deploy</c> starts it.</summary>
public sealed class ProgramTests
{
    [Fact]
    public void It_writes_an_assembly_without_an_account() => File.Exists(Path.Combine(Templates.Karpenter.Directory, "manifest.json")).ShouldBeTrue();

    [Fact]
    public async Task A_wrong_declaration_is_said_by_field_and_nothing_is_written()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "apiVersion: hearth.dev/v1\nkind: Platform\nmetadata: {name: x}\nspec:\n  teams: [{name: Team_A}]\n");
        var directory = Path.Combine(Directory.CreateTempSubdirectory("hearth-app-").FullName, "out");
        var (code, output) = await RunAsync(file, directory);

        code.ShouldBe(2);
        output.ShouldContain("spec.teams[0].name");
        Directory.Exists(directory).ShouldBeFalse();
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Hearth.Deploy.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
