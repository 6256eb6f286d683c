using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;
using Hearth.Cli.Hosting.Embedded;
using Hearth.Cli.Output;
using Hearth.Engine.Session;

namespace Hearth.Cli.Commands.Query;

/// <summary>
/// <c>hearth query "SQL"</c>: Spark SQL in an engine session of its own, over files and over the tables and buckets of a data directory.
/// It needs no running platform.
/// </summary>
internal sealed class QueryCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _sql = new("sql") { Description = "One Spark SQL statement; - reads it from standard input." };
    private readonly Option<string?> _dataDir = SharedOptions.DataDirectory();
    private readonly Option<string> _output = OutputOption.Create(csv: true);
    private readonly Option<string[]> _conf = new("--conf") { Description = "A Spark setting; may be repeated.", HelpName = "KEY=VALUE" };

    private readonly Option<string?> _bucket = new("--bucket") { Description = "The team's bucket whose tables are meant, when several teams have tables.", HelpName = "NAME" };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "The most rows of a table; JSON and CSV always have all.",
        HelpName = "N",
        DefaultValueFactory = _ => 1000,
    };

    private QueryCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var query = new QueryCommand(context);
        var command = new Command("query", "Run Spark SQL; works without a running platform too.")
        {
            query._sql, query._dataDir, query._output, query._limit, query._conf, query._bucket,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => query.Run(parsed, cancellation), cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var sql = parsed.GetValue(_sql)!;
        var text = string.Equals(sql, "-", StringComparison.Ordinal) ? System.Console.In.ReadToEnd() : sql;
        using var session = EngineSession.Open(new EngineOptions { Conf = Settings(parsed) });
        var result = session.Execute(text, cancellation);
        switch (OutputOption.Read(parsed, _output))
        {
            case OutputFormat.Json:
                QueryOutput.WriteJson(_context.Out, session, result, cancellation);
                break;
            case OutputFormat.Csv:
                QueryOutput.WriteCsv(_context.Out, session, result, cancellation);
                break;
            default:
                QueryOutput.WriteTable(_context.Out, session, result, parsed.GetValue(_limit), cancellation);
                break;
        }

        _context.Out.Flush();
        return ExitCodes.Success;
    }

    /// <summary>The tables that jobs saved: those of the one team that has any, or of the one that is named.</summary>
    private static string Warehouse(DataDirectory data, string? bucket)
    {
        var found = TeamTables.BucketsWithTables(data.In(DataLayout.Buckets));
        if (bucket is not null)
        {
            return Directory.Exists(Path.Combine(data.In(DataLayout.Buckets), bucket)) && !bucket.Contains("..", StringComparison.Ordinal)
                ? TeamTables.Uri(bucket)
                : throw CliException.BadInput($"--bucket {bucket}: there is no such bucket; with tables: {string.Join(", ", found)}");
        }

        return found.Count == 1 ? TeamTables.Uri(found[0]) : data.In(DataLayout.Warehouse);
    }

    /// <summary>The data directory's tables and buckets when it exists; what <c>--conf</c> says wins.</summary>
    private Dictionary<string, string> Settings(ParseResult parsed)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var data = DataDirectory.Resolve(parsed.GetValue(_dataDir), _context);
        if (Directory.Exists(data.Path))
        {
            settings[EngineOptions.S3RootKey] = data.In(DataLayout.Buckets);
            settings[EngineOptions.WarehouseKey] = Warehouse(data, parsed.GetValue(_bucket));
        }

        foreach (var pair in parsed.GetValue(_conf) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw CliException.BadInput($"--conf {pair}: expected KEY=VALUE");
            }

            settings[pair[..equals]] = pair[(equals + 1)..];
        }

        return settings;
    }
}
