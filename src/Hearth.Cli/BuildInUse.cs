namespace Hearth.Cli;

/// <summary>
/// A shared lock on the build this process runs from. The launcher keeps several builds side by side and removes
/// those that nobody holds, so a platform that runs for days keeps its assemblies.
/// </summary>
internal static class BuildInUse
{
    private const string FileName = "in-use";

    /// <summary>Takes the lock; null when this build was not made by the launcher.</summary>
    public static IDisposable? Hold()
    {
        try
        {
            var path = Path.Combine(AppContext.BaseDirectory, FileName);
            return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1) : null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
