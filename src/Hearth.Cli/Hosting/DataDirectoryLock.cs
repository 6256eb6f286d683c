using System.Globalization;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>
/// The advisory lock (<c>flock</c>) on a data directory. The kernel drops it with its process, so a crash leaves nothing
/// to clean up; <c>hearth.pid</c> beside it only says whom to name.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _pidFile;

    private DataDirectoryLock(FileStream file, string pidFile) => (_file, _pidFile) = (file, pidFile);

    /// <summary>Takes the lock for this process, or says who holds it.</summary>
    public static DataDirectoryLock Take(DataDirectory data)
    {
        if (TryTake(data) is { } taken)
        {
            File.WriteAllText(taken._pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return taken;
        }

        var holder = HolderPid(data) is { } pid ? $"process {pid}" : "another process";
        throw new CliException(
            $"the data directory {data.Path} is in use by {holder}",
            "Stop that platform with `hearth down --data-dir DIR`, or start this one with another --data-dir.");
    }

    /// <summary>Null when another process holds it. Does not announce a holder.</summary>
    public static DataDirectoryLock? TryTake(DataDirectory data)
    {
        try
        {
            var file = new FileStream(data.In("hearth.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            return new DataDirectoryLock(file, data.In("hearth.pid"));
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }

    /// <summary>True while a process runs the platform of this directory.</summary>
    public static bool IsHeld(DataDirectory data)
    {
        if (!File.Exists(data.In("hearth.lock")))
        {
            return false;
        }

        using var taken = TryTake(data);
        return taken is null;
    }

    /// <summary>The process that took the lock last; meaningful only while the lock is held.</summary>
    public static int? HolderPid(DataDirectory data)
    {
        try
        {
            return int.TryParse(File.ReadAllText(data.In("hearth.pid")).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 1
                ? pid
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
