using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Test;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Deploy;

/// <summary>
/// The CDK app, <c>src/Hearth.Deploy</c>: its package is over 100 MB, so it is no part of this program. It is built when it is first needed and when
/// its sources change, then started as a program of its own.
/// </summary>
internal sealed class CdkApp(CliContext context)
{
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan SynthDeadline = TimeSpan.FromMinutes(5);

    /// <summary>Writes the cloud assembly of a platform to <c>assembly/</c> below a directory; the names of its stacks in order.</summary>
    public async Task<IReadOnlyList<string>> SynthesiseAsync(PlatformDeclaration platform, string directory, IReadOnlyList<string> admins, CancellationToken cancellation)
    {
        var home = context.Home ?? throw new CliException("the sources are not known here", "Run it through the launcher of a clone: ./hearth deploy");
        var program = await BuildAsync(home, cancellation);
        Directory.CreateDirectory(directory);
        var declaration = Path.Combine(directory, "platform.yaml");
        await File.WriteAllTextAsync(declaration, PlatformYaml.ToYaml(platform), cancellation);
        var assembly = Path.Combine(directory, "assembly");
        if (Directory.Exists(assembly))
        {
            Directory.Delete(assembly, recursive: true);
        }

        context.Say("synthesising ...");
        using var scratch = ScratchDirectory.Create("synth");
        var synth = await ProcessRunner.RunAsync(
            DotnetSdk.Path(context), ["exec", program, declaration, assembly, .. admins], directory, scratch.Variables, SynthDeadline, cancellation);
        if (synth.ExitCode != 0)
        {
            throw synth.ExitCode == ExitCodes.BadInput
                ? CliException.BadInput(Said(synth.Output))
                : new CliException($"the CDK app ended with exit code {synth.ExitCode}:\n{Said(synth.Output)}", "It needs Node.js 18 or newer on the path.");
        }

        return CloudAssembly.Stacks(assembly);
    }

    /// <summary>Without the banner about Node versions that the CDK's runtime prints.</summary>
    private static string Said(string output) =>
        string.Join('\n', output.Split('\n').Where(l => !l.StartsWith("!!", StringComparison.Ordinal))).Trim();

    private async Task<string> BuildAsync(string home, CancellationToken cancellation)
    {
        var project = Path.Combine(home, "src", "Hearth.Deploy");
        var program = Path.Combine(project, "bin", "Release", "net10.0", "Hearth.Deploy.dll");
        if (IsCurrent(program, [project, Path.Combine(home, "src", "Hearth.Platform"), Path.Combine(home, "blueprints")]))
        {
            return program;
        }

        context.Say("building the CDK app (fetches the CDK, over 100 MB, the first time) ...");
        var build = await ProcessRunner.RunAsync(
            DotnetSdk.Path(context), ["build", project, "--configuration", "Release", "--nologo", "--verbosity", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false"], home, BuildDeadline, cancellation);
        return build.ExitCode == 0 ? program : throw new CliException($"the CDK app does not build:\n{build.Output.Trim()}");
    }

    private static bool IsCurrent(string program, string[] sources)
    {
        if (!File.Exists(program))
        {
            return false;
        }

        var built = File.GetLastWriteTimeUtc(program);
        return !sources.SelectMany(s => Directory.EnumerateFiles(s, "*", SearchOption.AllDirectories))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Any(f => File.GetLastWriteTimeUtc(f) > built);
    }
}
