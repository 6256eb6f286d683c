namespace Hearth.Cli.CommandLine;

/// <summary>The .NET SDK that builds the clone's other programs.</summary>
internal static class DotnetSdk
{
    /// <summary>The SDK the launcher found, else the one on PATH.</summary>
    public static string Path(CliContext context)
    {
        var root = context.Environment("DOTNET_ROOT");
        var own = string.IsNullOrEmpty(root) ? null : System.IO.Path.Combine(root, "dotnet");
        return own is not null && File.Exists(own) ? own : "dotnet";
    }
}
