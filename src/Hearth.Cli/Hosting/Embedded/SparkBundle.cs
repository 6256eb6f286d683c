using System.Runtime.InteropServices;
using Hearth.Cli.CommandLine;
using Hearth.Cluster.Nodes.Images;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>
/// What EMR and Spark images stand for: this very program with the engine's library and the PySpark front end, mounted read-only under
/// <c>/opt/hearth</c>. The container's arguments (<c>driver ...</c>, <c>executor</c>) become its sub-commands.
/// </summary>
internal static class SparkBundle
{
    private const string Root = "/opt/hearth";

    /// <summary>EMR images run as user hadoop, id 999.</summary>
    private const long Hadoop = 999;

    /// <param name="home">The repository or installation.</param>
    /// <param name="program">Directory of the running program.</param>
    public static RuntimeBundle Create(string home, string program)
    {
        var library = FindLibrary(home);
        var mounts = new List<HostMount>
        {
            new(program, $"{Root}/bin"),
            new(Required(Path.Combine(home, "python")), $"{Root}/python"),
            new(Path.GetDirectoryName(library)!, $"{Root}/lib"),
            new(Required(Path.Combine(home, "samples")), $"{Root}/samples"),
        };
        var environment = new Dictionary<string, string>
        {
            ["HEARTH_HOME"] = Root,
            ["HEARTH_BIN"] = $"{Root}/bin/hearth",
            ["HEARTH_DUCKDB"] = $"{Root}/lib/{Path.GetFileName(library)}",
            ["PYTHONPATH"] = $"{Root}/python",
            ["PYTHONUNBUFFERED"] = "1",
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_NOLOGO"] = "1",
        };
        AddRuntime(mounts, environment);
        return new RuntimeBundle("hearth-spark-3.5", [$"{Root}/bin/hearth"], ["--help"], environment, mounts, Hadoop, "/home/hadoop");
    }

    /// <summary>A .NET runtime outside /usr (which every container sees) is mounted too.</summary>
    private static void AddRuntime(List<HostMount> mounts, Dictionary<string, string> environment)
    {
        var runtime = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/');
        var root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        if (root.StartsWith("/usr/", StringComparison.Ordinal))
        {
            environment["DOTNET_ROOT"] = root;
            return;
        }

        mounts.Add(new HostMount(root, $"{Root}/dotnet"));
        environment["DOTNET_ROOT"] = $"{Root}/dotnet";
    }

    private static string FindLibrary(string home)
    {
        var file = OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";
        var modules = Path.Combine(home, "node_modules", "@duckdb");
        var found = Environment.GetEnvironmentVariable("HEARTH_DUCKDB") is { Length: > 0 } named
            ? named
            : Directory.Exists(modules) ? Directory.EnumerateFiles(modules, file, SearchOption.AllDirectories).FirstOrDefault() : null;
        return found is not null && File.Exists(found)
            ? Path.GetFullPath(found)
            : throw new CliException("the engine's library (libduckdb) is not installed", "Run `npm install` in the repository, or set HEARTH_DUCKDB to the library's path.");
    }

    private static string Required(string directory) => Directory.Exists(directory)
        ? directory
        : throw new CliException($"{directory} is missing: this installation is not complete", "Start Hearth with the `hearth` script of a complete checkout.");
}
