using System.CommandLine;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;
using Hearth.Cli.Output;

namespace Hearth.Cli.Commands.Tables;

/// <summary><c>hearth tables</c>: the tables that jobs and queries made, with format, size and place; <c>hearth tables describe NAME</c>: one of them.</summary>
internal sealed class TablesCommand
{
    private readonly CliContext _context;
    private readonly Option<string?> _dataDir = SharedOptions.DataDirectory();
    private readonly Option<string> _output = OutputOption.Create();
    private readonly Option<string?> _bucket = new("--bucket") { Description = "Only the tables of the team with this bucket.", HelpName = "NAME", Recursive = true };
    private readonly Option<string?> _database = new("--database") { Description = "Only this database.", HelpName = "NAME" };
    private readonly Argument<string> _name = new("table") { Description = "NAME, or DATABASE.NAME." };

    private TablesCommand(CliContext context)
    {
        _context = context;
        (_dataDir.Recursive, _output.Recursive) = (true, true);
    }

    public static Command Create(CliContext context)
    {
        var tables = new TablesCommand(context);
        var describe = new Command("describe", "Columns, partitions, properties and size of a table.") { tables._name };
        describe.SetAction((parsed, cancellation) => Task.Run(() => tables.Describe(parsed, cancellation), cancellation));
        var command = new Command("tables", "List the tables of the teams' catalogs; works without a running platform too.") { tables._dataDir, tables._output, tables._bucket, tables._database, describe };
        command.SetAction((parsed, cancellation) => Task.Run(() => tables.List(parsed, cancellation), cancellation));
        return command;
    }

    private int List(ParseResult parsed, CancellationToken cancellation)
    {
        var database = parsed.GetValue(_database);
        var tables = Reader(parsed).Read(t => database is null || t.Database.Equals(database, StringComparison.OrdinalIgnoreCase), cancellation);
        var buckets = tables.Select(t => t.Bucket).Distinct(StringComparer.Ordinal).Count() > 1;
        string[] columns = buckets ? ["BUCKET", "DATABASE", "NAME", "TYPE", "FORMAT", "ROWS", "SIZE", "LOCATION"] : ["DATABASE", "NAME", "TYPE", "FORMAT", "ROWS", "SIZE", "LOCATION"];
        ListingWriter.Write(_context, OutputOption.Read(parsed, _output), new Listing(columns, [.. tables.Select(t => Row(t, buckets))], new JsonArray([.. tables.Select(t => t.Document(columns: false))])));
        return ExitCodes.Success;
    }

    private static IReadOnlyList<string> Row(TeamTable table, bool bucket)
    {
        string[] cells = [table.Table.Database, table.Table.Name, table.Table.Kind.ToLowerInvariant(), table.Format, table.Rows, table.Bytes, table.Table.Location];
        return bucket ? [table.Bucket, .. cells] : cells;
    }

    private int Describe(ParseResult parsed, CancellationToken cancellation)
    {
        var name = parsed.GetValue(_name)!;
        var full = name.Contains('.', StringComparison.Ordinal) ? name : $"default.{name}";
        var found = Reader(parsed).Read(t => $"{t.Database}.{t.Name}".Equals(full, StringComparison.OrdinalIgnoreCase), cancellation);
        var table = found.Count switch
        {
            1 => found[0],
            0 => throw CliException.BadInput($"there is no table {full}; `hearth tables` lists them"),
            _ => throw CliException.BadInput($"several teams have a table {full}: say which with --bucket {string.Join(" or ", found.Select(t => t.Bucket))}"),
        };
        var format = OutputOption.Read(parsed, _output);
        ListingWriter.Write(_context, format, new Listing(["COLUMN", "TYPE", "COMMENT"], [.. table.Table.Schema.Fields.Select(f => (IReadOnlyList<string>)[f.Name, f.Type.SimpleName, f.Comment ?? ""])], table.Document(columns: true)));
        if (format is OutputFormat.Table)
        {
            Facts(table);
        }

        return ExitCodes.Success;
    }

    private void Facts(TeamTable table)
    {
        _context.Print("");
        foreach (var (name, value) in Lines(table).Where(l => l.Value is { Length: > 0 } and not "-"))
        {
            _context.Print($"{name,-14}{value}");
        }
    }

    private static IEnumerable<(string Name, string? Value)> Lines(TeamTable table) =>
    [
        ("Table", table.Name),
        ("Bucket", table.Bucket),
        ("Type", table.Table.Kind.ToLowerInvariant()),
        ("Format", table.Format),
        ("Partitions", string.Join(", ", table.Table.PartitionedBy)),
        ("Rows", table.Problem is null ? table.Rows : null),
        ("Size", table.Size is null ? null : $"{table.Bytes} in {table.Size.Files} files"),
        ("Version", table.Size?.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("Location", table.Table.Location),
        ("Comment", table.Table.Comment),
        ("Query", table.Table.ViewText),
        ("Problem", table.Problem),
        .. table.Table.Properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select((p, i) => (i == 0 ? "Properties" : "", (string?)$"{p.Key} = {p.Value}")),
    ];

    private TableReader Reader(ParseResult parsed) => new(DataDirectory.Resolve(parsed.GetValue(_dataDir), _context), parsed.GetValue(_bucket));
}
