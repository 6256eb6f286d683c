using System.Globalization;

namespace Hearth.Cli.Commands.Test;

/// <summary>
/// A C# compiler server for one build only, under a name of its own. Without one every project starts a compiler that has to warm up first, which takes several times
/// as long as compiling; a shared one would outlive the build.
/// </summary>
internal sealed class CompilerServer(string dotnet, string home)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly string _pipe = string.Create(CultureInfo.InvariantCulture, $"hearth-build-{Environment.ProcessId}");

    /// <summary>What <c>dotnet build</c> must be told to use it.</summary>
    public IReadOnlyList<string> Arguments => ["-p:UseSharedCompilation=true", $"-p:SharedCompilationId={_pipe}"];

    /// <summary>Ends it, if it runs. Where it cannot be told to, it ends by itself when it has had nothing to do for ten minutes.</summary>
    public async Task StopAsync()
    {
        var sdks = await ProcessRunner.RunAsync(dotnet, ["--list-sdks"], home, Deadline, CancellationToken.None);
        var chosen = await ProcessRunner.RunAsync(dotnet, ["--version"], home, Deadline, CancellationToken.None);
        var server = Find(sdks.Output, chosen.Output.Trim());
        if (server is not null && File.Exists(server))
        {
            await ProcessRunner.RunAsync(dotnet, ["exec", server, $"-pipename:{_pipe}", "-shutdown"], home, Deadline, CancellationToken.None);
        }
    }

    /// <summary>The server's program within the SDK that builds: <c>--list-sdks</c> prints lines like <c>10.0.100 [/usr/share/dotnet/sdk]</c>.</summary>
    internal static string? Find(string sdks, string version)
    {
        var line = sdks.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith(version + " [", StringComparison.Ordinal) && l.EndsWith(']'));
        return line is null || version.Length == 0 ? null : Path.Combine(line[(version.Length + 2)..^1], version, "Roslyn", "bincore", "VBCSCompiler.dll");
    }
}
