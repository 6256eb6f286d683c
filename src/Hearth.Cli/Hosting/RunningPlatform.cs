using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>Finds the platform that runs on a data directory, as other commands need it.</summary>
internal static class RunningPlatform
{
    /// <summary>The endpoints of the running platform, or null when none runs or it is still starting.</summary>
    public static PlatformEndpoints? Find(DataDirectory data) => DataDirectoryLock.IsHeld(data) ? data.ReadEndpoints() : null;

    /// <summary>The endpoints, or an error that says how to start one.</summary>
    public static PlatformEndpoints Require(CliContext context, string? dataDirOption)
    {
        var data = DataDirectory.Resolve(dataDirOption, context);
        if (Find(data) is { } endpoints)
        {
            return endpoints;
        }

        throw DataDirectoryLock.IsHeld(data)
            ? new CliException($"the platform on {data.Path} is still starting", "Try again in a second.")
            : new CliException($"no platform runs on {data.Path}", "Start one with `hearth up`, or name its directory with --data-dir DIR.");
    }
}
