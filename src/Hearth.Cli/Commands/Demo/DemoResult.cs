using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting.Embedded;
using Hearth.Engine.Session;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Demo;

/// <summary>Reads what the job wrote, with Spark SQL.</summary>
internal static class DemoResult
{
    public static Task PrintAsync(CliContext context, DataPaths paths, Team team, CancellationToken ct) => Task.Run(
        () =>
        {
            var sql = $"SELECT * FROM parquet.`s3://{team.Bucket}/taxi-trips/output/tips`";
            using var session = EngineSession.Open(new EngineOptions { Conf = new Dictionary<string, string> { [EngineOptions.S3RootKey] = paths.Buckets } });
            context.Print($"{sql}");
            context.Print(session.Show(session.Execute(sql, ct).Relation, rows: 10, cancellationToken: ct));
        },
        ct);
}
