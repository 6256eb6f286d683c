using System.Globalization;
using System.Text.Json;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>
/// The directory that holds everything of one platform: store, volumes, keys, logs. Its layout has a format number
/// in <c>version</c>; <c>hearth.lock</c> is held by the process that runs the platform.
/// </summary>
internal sealed class DataDirectory
{
    /// <summary>The layout that this version writes.</summary>
    public const int Format = 1;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // The console's address carries its key, and the directory may be one that others may read.
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public DataDirectory(string path) => Path = System.IO.Path.GetFullPath(path);

    public string Path { get; }

    public string LogFile => In("logs", "hearth.log");

    public string EndpointsFile => In("endpoints.json");

    private string VersionFile => In("version");

    /// <summary><c>--data-dir</c>, else HEARTH_DATA_DIR, else <c>~/.hearth</c>.</summary>
    public static DataDirectory Resolve(string? option, CliContext context)
    {
        var path = !string.IsNullOrEmpty(option) ? option : context.Environment("HEARTH_DATA_DIR");
        if (string.IsNullOrEmpty(path))
        {
            var home = context.Environment("HOME");
            if (string.IsNullOrEmpty(home))
            {
                throw CliException.BadInput("HOME is not set, so the default data directory is unknown", "Give --data-dir DIR.");
            }

            path = System.IO.Path.Combine(home, ".hearth");
        }

        return new DataDirectory(path);
    }

    public string In(params ReadOnlySpan<string> parts)
    {
        var path = Path;
        foreach (var part in parts)
        {
            path = System.IO.Path.Combine(path, part);
        }

        return path;
    }

    /// <summary>Creates the directory when missing (readable by its owner only: it holds keys) and checks its format.</summary>
    public void Prepare()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path);
            }
            else
            {
                Directory.CreateDirectory(Path, OwnerOnly);
            }

            CheckFormat();
            Directory.CreateDirectory(In("logs"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"cannot use the data directory {Path}: {error.Message}", "Give another one with --data-dir DIR.");
        }
    }

    /// <summary>Null when no platform has written it, or it is being replaced.</summary>
    public PlatformEndpoints? ReadEndpoints()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(EndpointsFile), HostingJson.Default.PlatformEndpoints);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new CliException($"{EndpointsFile} is damaged: {error.Message}", "Stop the platform with `hearth down` and start it again.");
        }
    }

    /// <summary>Appears whole or not at all: readers wait for this file.</summary>
    public void WriteEndpoints(PlatformEndpoints endpoints)
    {
        var fresh = EndpointsFile + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnlyFile;
        }

        using (var file = new StreamWriter(fresh, options))
        {
            file.WriteLine(JsonSerializer.Serialize(endpoints, HostingJson.Default.PlatformEndpoints));
        }

        File.Move(fresh, EndpointsFile, overwrite: true);
    }

    public void RemoveEndpoints()
    {
        if (Directory.Exists(Path))
        {
            File.Delete(EndpointsFile);
        }
    }

    private void CheckFormat()
    {
        if (!File.Exists(VersionFile))
        {
            File.WriteAllText(VersionFile, Format.ToString(CultureInfo.InvariantCulture) + "\n");
            return;
        }

        var text = File.ReadAllText(VersionFile).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var found))
        {
            throw new CliException($"{VersionFile} says '{text}', which is not a format number", "Is this a Hearth data directory? Give another one with --data-dir DIR.");
        }

        if (found > Format)
        {
            throw new CliException(
                $"{Path} was written by a newer Hearth (format {found}; this version knows up to {Format})",
                "Use that version, or another directory with --data-dir DIR. Nothing was changed.");
        }
    }
}
