using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;

namespace Hearth.Cli.Commands.Down;

/// <summary><c>hearth down</c>: stops the platform of a data directory. Its data stays.</summary>
internal static class DownCommand
{
    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var command = new Command("down", "Stop the running platform; its data stays.") { dataDir };
        command.SetAction(async (parsed, cancellation) =>
        {
            var data = DataDirectory.Resolve(parsed.GetValue(dataDir), context);
            var stopped = await PlatformStopper.StopAsync(context, data, cancellation);
            context.Print(stopped ? $"stopped; the data stays in {data.Path}" : $"no platform runs on {data.Path}");
            return ExitCodes.Success;
        });
        return command;
    }
}
