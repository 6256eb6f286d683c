using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;

namespace Hearth.Cli.Commands.Env;

/// <summary><c>hearth env</c>: lines for <c>eval</c> that point the AWS CLI, boto3 and kubectl at the running platform.</summary>
internal static class EnvCommand
{
    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var shell = new Option<string>("--shell")
        {
            Description = "The shell to write for.",
            HelpName = string.Join('|', EnvironmentExports.Shells),
            DefaultValueFactory = _ => "sh",
        };
        shell.AcceptOnlyFromAmong(EnvironmentExports.Shells);
        var command = new Command("env", "Print the variables that clients need: eval \"$(hearth env)\".") { dataDir, shell };
        command.SetAction(parsed =>
        {
            var endpoints = RunningPlatform.Require(context, parsed.GetValue(dataDir));
            var directory = DataDirectory.Resolve(parsed.GetValue(dataDir), context);
            foreach (var line in EnvironmentExports.Lines(endpoints, directory.Path, parsed.GetValue(shell)!))
            {
                context.Out.WriteLine(line);
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
