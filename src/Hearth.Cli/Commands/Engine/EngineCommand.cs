using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Engine;

namespace Hearth.Cli.Commands.Engine;

/// <summary><c>hearth engine</c>: the engine's processes. Driver containers start them; people rarely do.</summary>
internal static class EngineCommand
{
    public static Command Create(CliContext context)
    {
        var command = new Command("engine", "The engine's own processes (driver containers start these).")
        {
            Serve(context),
        };
        return command;
    }

    private static Command Serve(CliContext context)
    {
        _ = context;
        var socket = new Option<string>("--socket") { Description = "The Unix socket to listen on.", HelpName = "PATH", Required = true };
        var conf = new Option<string[]>("--conf") { Description = "A Spark setting; may be repeated.", HelpName = "KEY=VALUE" };
        var command = new Command("serve", "Serve one engine session on a Unix socket (docs/engine-protocol.md).") { socket, conf };
        command.SetAction((result, cancellationToken) =>
        {
            List<string> args = ["--socket", result.GetValue(socket)!];
            foreach (string pair in result.GetValue(conf) ?? [])
            {
                args.AddRange(["--conf", pair]);
            }

            return EngineCommands.ServeAsync(args, cancellationToken);
        });
        return command;
    }
}
