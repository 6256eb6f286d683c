using Hearth.Cli.Hosting;

namespace Hearth.Cli.Commands.Demo;

/// <summary>
/// The demo's data directory: what one demo left stays for a look until the next one, which begins from nothing. A directory that a demo did not
/// make is never emptied.
/// </summary>
internal static class DemoDirectory
{
    private const string Marker = "demo";

    /// <summary>Empties the directory when an earlier demo made it and no platform runs on it.</summary>
    public static void StartAfresh(DataDirectory data)
    {
        if (!File.Exists(data.In(Marker)) || DataDirectoryLock.IsHeld(data))
        {
            return;
        }

        foreach (var entry in new DirectoryInfo(data.Path).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } directory)
            {
                directory.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    /// <summary>Marks a directory that was empty, or missing, before this demo. Called before anything is put into it.</summary>
    public static void Claim(DataDirectory data)
    {
        if (!Directory.Exists(data.Path) || !Directory.EnumerateFileSystemEntries(data.Path).Any())
        {
            data.Prepare();
            File.WriteAllText(data.In(Marker), "made by hearth demo; the next demo empties this directory\n");
        }
    }
}
