using System.Globalization;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>
/// Leaves out files of a MERGE's target in which no key of the source can be: for every <c>target column = source expression</c> of the condition
/// the source's keys (or, when there are many, their range) are held against the bounds in the files' statistics.
/// </summary>
internal sealed class MergePruning(DeltaTable table, Target target, MergeSource source)
{
    /// <summary>Keys that are looked at one by one; beyond it only their range counts.</summary>
    public const int MostKeys = 50_000;

    private const int MostPartitionKeys = 1_000;

    /// <summary>The files that can hold a match.</summary>
    /// <param name="files">Candidates.</param>
    /// <param name="parts">Conjuncts of the ON condition.</param>
    /// <param name="cancellationToken">Stops.</param>
    public IReadOnlyList<AddFile> Prune(IReadOnlyList<AddFile> files, IEnumerable<BoundExpr> parts, CancellationToken cancellationToken)
    {
        foreach (BoundCall equal in parts.OfType<BoundCall>().Where(c => c.Template == "({0} = {1})"))
        {
            if (files.Count > 1 && (Key(equal.Args[0], equal.Args[1]) ?? Key(equal.Args[1], equal.Args[0])) is { } key)
            {
                files = key.Column.Partition ? ByPartition(files, key, cancellationToken) : ByBounds(files, key, cancellationToken);
            }
        }

        return files;
    }

    private sealed record KeyPair(DeltaColumn Column, BoundAttribute Attribute, BoundExpr Source);

    // Integers may be widened for the comparison; anything else must be compared as it is stored.
    private KeyPair? Key(BoundExpr own, BoundExpr other)
    {
        BoundExpr plain = own is BoundCast { Type.IsIntegral: true, Value: { Type.IsIntegral: true } inner } ? inner : own;
        if (plain is not BoundColumn column || target.Output.ToList().IndexOf(column.Attribute) is not (>= 0 and var index) || !other.Has<BoundColumn>()
            || !other.Walk().OfType<BoundColumn>().All(c => source.Scan.Output.Contains(c.Attribute)))
        {
            return null;
        }

        SparkType type = target.Columns[index].Field.Type;
        bool comparable = (type.IsIntegral && other.Type.IsIntegral) || (type == other.Type && (type == SparkType.String || type == SparkType.Date || type == SparkType.Timestamp || type is DecimalType));
        return comparable ? new KeyPair(target.Columns[index], column.Attribute, other) : null;
    }

    private IReadOnlyList<AddFile> ByBounds(IReadOnlyList<AddFile> files, KeyPair key, CancellationToken cancellationToken)
    {
        SparkType type = key.Column.Field.Type;
        (object[] values, bool all) = Keys(key, MostKeys, cancellationToken);
        IComparable[] keys = [.. values.Select(v => FileStats.Comparable(v, type)).OfType<IComparable>().Order()];
        return keys.Length != values.Length ? files
            : [.. files.Where(f => FileStats.Read(f.Stats)?.Bounds(key.Column.Physical, type) is not { } bounds || Meets(keys, all, bounds.Min, bounds.Max))];
    }

    /// <summary>Whether a key (or, when only their range is known, a value between two keys) lies within bounds.</summary>
    public static bool Meets(IComparable[] keys, bool all, IComparable min, IComparable max)
    {
        if (keys.Length == 0)
        {
            return false;
        }

        if (!all)
        {
            return keys[^1].CompareTo(min) >= 0 && keys[0].CompareTo(max) <= 0;
        }

        int at = Array.BinarySearch(keys, min);
        at = at < 0 ? ~at : at;
        return at < keys.Length && keys[at].CompareTo(max) <= 0;
    }

    private IReadOnlyList<AddFile> ByPartition(IReadOnlyList<AddFile> files, KeyPair key, CancellationToken cancellationToken)
    {
        SparkType type = key.Column.Field.Type;
        (object[] values, bool all) = Keys(key, MostPartitionKeys, cancellationToken);
        if (!all || values.Length == 0 || type == SparkType.Timestamp)
        {
            return all && values.Length == 0 ? [] : files;
        }

        BoundIn choice = new(new BoundColumn(key.Attribute), values.Select(v => (BoundExpr)new BoundLiteral(type.IsIntegral && v is SparkDecimal d ? (long)d.Unscaled : v, type)).ToSeq());
        return table.Pruning(target.Columns).Prune(files, [choice], target.Output);
    }

    // Distinct keys that are not NULL; the least and the greatest when there are too many.
    private (object[] Values, bool All) Keys(KeyPair key, int most, CancellationToken cancellationToken)
    {
        BoundProject projected = new(source.Scan, [key.Source], [target.Binder.NewAttribute("k", key.Source.Type, true)]);
        string rows = $"SELECT DISTINCT c0 FROM ({target.Sql(projected)}) k WHERE c0 IS NOT NULL";
        SparkType type = key.Source.Type;
        string form = type == SparkType.String ? "c0" : type == SparkType.Date ? "CAST(c0 - DATE '1970-01-01' AS BIGINT)" : type == SparkType.Timestamp ? "epoch_us(c0)" : "CAST(c0 AS VARCHAR)";
        List<object?[]> found = table.Session.Duck.Rows(string.Create(CultureInfo.InvariantCulture, $"SELECT {form} FROM ({rows} LIMIT {most + 1}) d"), cancellationToken);
        bool all = found.Count <= most;
        if (!all)
        {
            found = table.Session.Duck.Rows($"SELECT {form} FROM (SELECT min(c0) AS c0 FROM ({rows}) a UNION ALL SELECT max(c0) FROM ({rows}) b) d", cancellationToken);
        }

        return ([.. found.Select(r => Value(r[0]!, type))], all);
    }

    private static object Value(object raw, SparkType type) =>
        type == SparkType.String ? raw : type == SparkType.Date ? new SparkDate((int)(long)raw) : type == SparkType.Timestamp ? new SparkTimestamp((long)raw) : SparkDecimal.Parse((string)raw)!.Value;
}
