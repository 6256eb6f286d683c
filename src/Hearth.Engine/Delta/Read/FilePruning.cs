using System.Globalization;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Formatting;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Read;

/// <summary>Leaves out files that cannot hold a row for which all conditions are true.</summary>
/// <param name="columns">Columns of the table.</param>
/// <param name="duck">Evaluates conditions over partition values.</param>
/// <param name="zone">Session time zone.</param>
internal sealed class FilePruning(IReadOnlyList<DeltaColumn> columns, DuckWork duck, TimeZoneInfo zone)
{
    /// <summary>The files that may hold rows.</summary>
    /// <param name="files">Files to choose from.</param>
    /// <param name="conditions">Conditions, all of which must be true.</param>
    /// <param name="output">Attributes of the columns, in their order.</param>
    public IReadOnlyList<AddFile> Prune(IReadOnlyList<AddFile> files, IReadOnlyList<BoundExpr> conditions, Seq<BoundAttribute> output)
    {
        Dictionary<long, DeltaColumn> byId = [];
        for (int i = 0; i < columns.Count; i++)
        {
            byId[output[i].Id] = columns[i];
        }

        BoundExpr[] known = [.. conditions.Where(c => c.Walk().OfType<BoundColumn>().All(a => byId.ContainsKey(a.Attribute.Id)) && Evaluable(c))];
        BoundExpr[] partition = [.. known.Where(c => c.Walk().OfType<BoundColumn>().All(a => byId[a.Attribute.Id].Partition))];
        IReadOnlyList<AddFile> left = partition.Length == 0 ? files : ByPartition(files, partition, byId);
        BoundExpr[] data = [.. known.Except(partition)];
        return data.Length == 0 ? left : [.. left.Where(f => FileStats.Read(f.Stats) is not { } stats || data.All(c => MayBeTrue(c, stats, byId)))];
    }

    /// <summary>Whether conditions need nothing but partition values.</summary>
    public bool PartitionOnly(IEnumerable<BoundExpr> conditions, Seq<BoundAttribute> output) => conditions.All(c => Evaluable(c)
        && c.Walk().OfType<BoundColumn>().All(a => output.ToList().FindIndex(o => o.Id == a.Attribute.Id) is >= 0 and var i && i < columns.Count && columns[i].Partition));

    // Subqueries see other tables, and rand() is not the same twice.
    private static bool Evaluable(BoundExpr condition) =>
        !condition.Has<BoundExists>() && !condition.Has<BoundInQuery>() && !condition.Has<BoundScalarQuery>() && !condition.Has<BoundWindow>() && !condition.HasAggregate()
        && !condition.Walk().OfType<BoundCall>().Any(c => c.Template.Contains("random", StringComparison.Ordinal) || c.Template.Contains("uuid", StringComparison.Ordinal) || c.Template.Contains("error(", StringComparison.Ordinal));

    /// <summary>The conjuncts of a condition.</summary>
    public static IEnumerable<BoundExpr> Split(BoundExpr condition) =>
        condition is BoundCall { Template: "({0} AND {1})" } and ? Split(and.Args[0]).Concat(Split(and.Args[1])) : [condition];

    private IReadOnlyList<AddFile> ByPartition(IReadOnlyList<AddFile> files, BoundExpr[] conditions, Dictionary<long, DeltaColumn> byId)
    {
        if (files.Count == 0)
        {
            return files;
        }

        BoundAttribute[] used = [.. conditions.SelectMany(c => c.Walk()).OfType<BoundColumn>().Select(c => c.Attribute).Distinct()];
        if (used.Length == 0)
        {
            return files;
        }

        ILookup<string, AddFile> groups = files.ToLookup(f => string.Join('\u0001', used.Select(a => ValueOf(f, byId[a.Id]) ?? "\u0002")), StringComparer.Ordinal);
        IGrouping<string, AddFile>[] ordered = [.. groups];
        IEnumerable<string> rows = ordered.Select((g, i) => string.Create(CultureInfo.InvariantCulture, $"({i}, {string.Join(", ", used.Select(a => PartitionText.Typed(ValueOf(g.First(), byId[a.Id]), byId[a.Id].Field.Type, zone)))})"));
        string names = string.Join(", ", used.Select(a => DuckTypes.Quote(a.PhysicalName)));
        string where = string.Join(" AND ", conditions.Select(c => SqlPrinter.PrintExpression(c, zone)));
        return [.. duck.Rows($"SELECT CAST(i AS BIGINT) FROM (VALUES {string.Join(", ", rows)}) p(i, {names}) WHERE {where}").SelectMany(r => ordered[(int)(long)r[0]!])];
    }

    /// <summary>The log's text of a partition value.</summary>
    public static string? ValueOf(AddFile file, DeltaColumn column) => file.PartitionValues.GetValueOrDefault(column.Physical) is { Length: > 0 } text ? text : null;

    private bool MayBeTrue(BoundExpr condition, FileStats stats, Dictionary<long, DeltaColumn> columns)
    {
        switch (condition)
        {
            case BoundCall { Template: "({0} AND {1})" } and:
                return MayBeTrue(and.Args[0], stats, columns) && MayBeTrue(and.Args[1], stats, columns);
            case BoundCall { Template: "({0} OR {1})" } or:
                return MayBeTrue(or.Args[0], stats, columns) || MayBeTrue(or.Args[1], stats, columns);
            case BoundCall { Template: "(({0} >= {1}) AND ({2} <= {3}))" } between:
                return Compare(between.Args[0], ">=", between.Args[1], stats, columns) && Compare(between.Args[2], "<=", between.Args[3], stats, columns);
            case BoundCall { Template: "({0} = {1})" or "({0} < {1})" or "({0} <= {1})" or "({0} > {1})" or "({0} >= {1})" } compare:
                return Compare(compare.Args[0], compare.Template.Split(' ')[1], compare.Args[1], stats, columns);
            case BoundCall { Template: "({0} IS NULL)" } test when Column(test.Args[0], columns) is { } column:
                return stats.NullCount(column.Physical) is not 0;
            case BoundCall { Template: "({0} IS NOT NULL)" } test when Column(test.Args[0], columns) is { } column:
                return stats.NullCount(column.Physical) is not { } nulls || nulls != stats.NumRecords;
            case BoundIn choice:
                return choice.Items.Any(item => Compare(choice.Value, "=", item, stats, columns));
            default:
                return true;
        }
    }

    private static DeltaColumn? Column(BoundExpr value, Dictionary<long, DeltaColumn> columns) => value is BoundColumn c && columns.TryGetValue(c.Attribute.Id, out DeltaColumn? column) && !column.Partition ? column : null;

    // A cast to a wider number keeps the order.
    private static BoundExpr Unwrap(BoundExpr value) => value is BoundCast { Type.IsNumeric: true, Value: { Type.IsNumeric: true } inner } cast && Binding.Coercion.IsUpCast(inner.Type, cast.Type) && inner.Type.IsFractional == cast.Type.IsFractional ? inner : value;

    // The value of a constant; dates and times are often written as text. Null when it has none.
    private object? Constant(BoundExpr expr) => expr switch
    {
        BoundLiteral literal => literal.Value,
        BoundCast { Value: BoundLiteral { Value: string text } } cast when cast.Type == SparkType.Date => DateTimeReader.Date(text) is { } days ? new SparkDate(days) : null,
        BoundCast { Value: BoundLiteral { Value: string text } } cast when cast.Type == SparkType.Timestamp => DateTimeReader.Instant(text, zone) is { } at ? new SparkTimestamp(at) : null,
        _ => null,
    };

    private bool Compare(BoundExpr left, string symbol, BoundExpr right, FileStats stats, Dictionary<long, DeltaColumn> columns)
    {
        if (Constant(left) is not null)
        {
            (left, right) = (right, left);
            symbol = symbol switch { "<" => ">", "<=" => ">=", ">" => "<", ">=" => "<=", _ => symbol };
        }

        if (Column(Unwrap(left), columns) is not { } column || FileStats.Comparable(Constant(right), column.Field.Type) is not { } value
            || stats.Bounds(column.Physical, column.Field.Type) is not { } bounds || bounds.Min.GetType() != value.GetType())
        {
            return true;
        }

        int low = bounds.Min.CompareTo(value), high = bounds.Max.CompareTo(value);
        return symbol switch { "=" => low <= 0 && high >= 0, "<" => low < 0, "<=" => low <= 0, ">" => high > 0, _ => high >= 0 };
    }
}
