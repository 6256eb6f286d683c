using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;
using Hearth.Cli.Output;

namespace Hearth.Cli.Commands.Status;

/// <summary><c>hearth status</c>: is it running, where, since when. Exit code 1 when it is not running.</summary>
internal static class StatusCommand
{
    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var output = OutputOption.Create();
        var command = new Command("status", "Show whether the platform runs, and where. Exit code 1 when it does not.") { dataDir, output };
        command.SetAction(parsed =>
        {
            var data = DataDirectory.Resolve(parsed.GetValue(dataDir), context);
            var held = DataDirectoryLock.IsHeld(data);
            var endpoints = held ? data.ReadEndpoints() : null;
            var document = Describe(data, held, endpoints, context.Clock.GetUtcNow());
            IReadOnlyList<string>[] rows = [.. document.Select(p => new[] { p.Key, p.Value?.ToString() ?? string.Empty })];
            ListingWriter.Write(context, OutputOption.Read(parsed, output), new Listing(["FIELD", "VALUE"], rows, document));
            return endpoints is null ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }

    private static JsonObject Describe(DataDirectory data, bool held, PlatformEndpoints? endpoints, DateTimeOffset now)
    {
        var state = endpoints is not null ? "running" : held ? "starting" : "stopped";
        var document = new JsonObject { ["state"] = state, ["dataDirectory"] = data.Path };
        if (endpoints is null)
        {
            return document;
        }

        document["platform"] = endpoints.Platform;
        document["blueprint"] = endpoints.Blueprint;
        document["region"] = endpoints.Region;
        document["accountId"] = endpoints.AccountId;
        document["kubernetes"] = endpoints.Kubernetes;
        document["aws"] = endpoints.Aws;
        document["console"] = endpoints.Console;
        document["kubeconfig"] = endpoints.Kubeconfig;
        document["awsProfile"] = endpoints.AwsProfile;
        document["sandbox"] = endpoints.Sandbox;
        document["limits"] = endpoints.Limits;
        document["pid"] = endpoints.Pid;
        document["startedAt"] = endpoints.StartedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        document["uptimeSeconds"] = (long)Math.Max(0, (now - endpoints.StartedAt).TotalSeconds);
        return document;
    }
}
