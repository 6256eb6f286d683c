using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Output;

namespace Hearth.Cli.Commands.Query;

/// <summary><c>hearth query "SQL"</c>: Spark SQL over the tables of a platform, or over files when none runs.</summary>
internal static class QueryCommand
{
    public static Command Create(CliContext context)
    {
        _ = context;
        var sql = new Argument<string>("sql") { Description = "One Spark SQL statement." };
        var dataDir = SharedOptions.DataDirectory();
        var output = OutputOption.Create(csv: true);
        var command = new Command("query", "Run Spark SQL; works without a running platform too.") { sql, dataDir, output };
        command.SetAction((_, _) =>
            Task.FromException<int>(CliException.NotThereYet("hearth query", "It arrives with the engine's session server.")));
        return command;
    }
}
