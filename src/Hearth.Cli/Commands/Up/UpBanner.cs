using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;

namespace Hearth.Cli.Commands.Up;

/// <summary>What <c>hearth up</c> says when the platform is ready: where it is and how to reach it.</summary>
internal static class UpBanner
{
    public static void Write(CliContext context, PlatformEndpoints endpoints, DataDirectory data, bool detached)
    {
        var output = context.Out;
        output.WriteLine($"Hearth platform {endpoints.Platform} is ready (blueprint {endpoints.Blueprint}, {endpoints.Region}, account {endpoints.AccountId}).");
        output.WriteLine();
        output.WriteLine($"  Kubernetes  {endpoints.Kubernetes}");
        output.WriteLine($"  AWS         {endpoints.Aws}");
        if (endpoints.Console.Length > 0)
        {
            output.WriteLine($"  Console     {endpoints.Console}");
        }

        if (endpoints.Limits.StartsWith("limits are not enforced", StringComparison.Ordinal))
        {
            output.WriteLine();
            output.WriteLine($"  Containers run without CPU and memory limits: {endpoints.Limits}.");
        }

        output.WriteLine();
        foreach (var line in EnvironmentExports.Lines(endpoints, data.Path, "sh"))
        {
            output.WriteLine(line);
        }

        output.WriteLine();
        output.WriteLine(detached
            ? $"It runs in the background (process {endpoints.Pid}, log {data.LogFile}); `hearth down` stops it."
            : "Ctrl-C stops it. In another terminal: eval \"$(./hearth env)\"");
        output.Flush();
    }
}
