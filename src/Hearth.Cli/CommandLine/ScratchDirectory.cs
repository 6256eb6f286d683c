namespace Hearth.Cli.CommandLine;

/// <summary>
/// A directory for what a child process and its own children leave among the temporary files; gone with everything in it when disposed. The CDK's
/// runtime, for one, leaves over 60 MB at each start.
/// </summary>
internal sealed class ScratchDirectory : IDisposable
{
    private ScratchDirectory(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The variables that send a child's temporary files there, on every system.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string> { ["TMPDIR"] = Path, ["TMP"] = Path, ["TEMP"] = Path };

    /// <summary>Makes an empty one that only this user can read.</summary>
    public static ScratchDirectory Create(string purpose) => new(Directory.CreateTempSubdirectory($"hearth-{purpose}-").FullName);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // Something that outlived its parent still writes there; the system's own cleaning takes the rest.
        }
    }
}
