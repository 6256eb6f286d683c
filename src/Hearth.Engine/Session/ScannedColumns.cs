using Hearth.Engine.Delta.Read;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>The columns that a plan needs of each scan: what DuckDB reads after it has left out the rest.</summary>
internal sealed class ScannedColumns
{
    private readonly Dictionary<BoundScan, HashSet<int>> _scans = new(ReferenceEqualityComparer.Instance);

    private ScannedColumns()
    {
    }

    /// <summary>Scans of files with the positions of the columns that are read.</summary>
    public static IReadOnlyDictionary<BoundScan, HashSet<int>> Of(BoundPlan plan)
    {
        ScannedColumns found = new();
        found.Need(plan, [.. plan.Output.Select(a => a.Id)]);
        return found._scans;
    }

    private void Need(BoundPlan plan, HashSet<long> ids)
    {
        switch (plan)
        {
            case BoundScan { Files: not null } scan:
                HashSet<int> read = _scans.TryGetValue(scan, out HashSet<int>? known) ? known : _scans[scan] = [];
                read.UnionWith(Enumerable.Range(0, scan.Output.Count).Where(i => ids.Contains(scan.Output[i].Id)));
                break;
            case BoundProject p:
                Need(p.In, With(p.Kept.Select(a => a.Id).Where(ids.Contains), p.Items.Where((_, i) => ids.Contains(p.Output[i].Id))));
                break;
            case BoundFilter f:
                Need(f.In, With(ids, [f.Condition]));
                break;
            case BoundGroup g:
                Need(g.In, With([], g.Keys.Concat(g.Aggregates)));
                break;
            case BoundJoin j:
                HashSet<long> both = With(ids, j.On is null ? [] : [j.On]);
                Need(j.Left, both);
                Need(j.Right, both);
                break;
            case BoundSort s:
                Need(s.In, With(ids, s.Keys.Select(k => k.Value)));
                break;
            case BoundDistinct d:
                Need(d.In, [.. ids, .. (d.Keys ?? d.Output).Select(a => a.Id)]);
                break;
            case BoundGenerate g:
                Need(g.In, With(ids, [g.Generator]));
                break;
            case BoundSetOperation o:
                Need(o.Left, [.. o.Left.Output.Select(a => a.Id)]);
                Need(o.Right, [.. o.Right.Output.Select(a => a.Id)]);
                break;
            case BoundWithReference r:
                Need(r.Query.Plan, [.. r.Query.Plan.Output.Where((_, i) => ids.Contains(r.Output[i].Id)).Select(a => a.Id)]);
                break;
            case BoundLimit l:
                Need(l.In, ids);
                break;
            case BoundSample s:
                Need(s.In, ids);
                break;
            case BoundRepartition r:
                Need(r.In, ids);
                break;
            default:
                break;
        }
    }

    private HashSet<long> With(IEnumerable<long> ids, IEnumerable<BoundExpr> expressions)
    {
        HashSet<long> all = [.. ids];
        foreach (BoundExpr node in expressions.SelectMany(e => e.Walk()))
        {
            if (node is BoundColumn column)
            {
                all.Add(column.Attribute.Id);
            }

            // A subquery may name columns of the query around it.
            if ((node is BoundInQuery q ? q.Query : node is BoundExists e ? e.Query : (node as BoundScalarQuery)?.Query) is { } query)
            {
                Need(query, node is BoundExists ? [] : [.. query.Output.Select(a => a.Id)]);
                all.UnionWith(Outer(query));
            }
        }

        return all;
    }

    private static IEnumerable<long> Outer(BoundPlan plan) => plan switch
    {
        BoundFilter f => Columns(f.Condition).Concat(Outer(f.In)),
        BoundProject p => p.Items.SelectMany(Columns).Concat(Outer(p.In)),
        BoundGroup g => g.Keys.Concat(g.Aggregates).SelectMany(Columns).Concat(Outer(g.In)),
        BoundJoin j => (j.On is null ? [] : Columns(j.On)).Concat(Outer(j.Left)).Concat(Outer(j.Right)),
        BoundSort s => Outer(s.In),
        BoundLimit l => Outer(l.In),
        BoundDistinct d => Outer(d.In),
        _ => [],
    };

    private static IEnumerable<long> Columns(BoundExpr expr) => expr.Walk().OfType<BoundColumn>().Select(c => c.Attribute.Id);
}

/// <summary>How many bytes of files a query reads: of Parquet the stored size of the columns that it needs, of other formats the whole files. Files that statistics or partitions leave out do not count; row groups do.</summary>
internal static class ScannedBytes
{
    private const int AtOnce = 500;

    public static long Of(EngineSession session, BoundPlan plan)
    {
        long bytes = 0;
        foreach ((BoundScan scan, HashSet<int> columns) in ScannedColumns.Of(plan))
        {
            IReadOnlyList<string> files = scan.Files!();
            bytes += scan.Stored is { } stored ? Parquet(session, files, [.. columns.Where(i => i < stored.Count).Select(i => stored[i]).Where(n => n.Length > 0)]) : files.Where(File.Exists).Sum(f => new FileInfo(f).Length);
        }

        return bytes;
    }

    private static long Parquet(EngineSession session, IReadOnlyList<string> files, IReadOnlyList<string> columns)
    {
        if (columns.Count == 0)
        {
            return 0;
        }

        string names = string.Join(", ", columns.Select(c => DuckTypes.Literal(c.ToLowerInvariant())));
        return files.Chunk(AtOnce).Sum(chunk => session.Delta.Duck.Rows(
            $"SELECT CAST(coalesce(sum(total_compressed_size), 0) AS BIGINT) FROM parquet_metadata([{string.Join(", ", chunk.Select(f => DuckTypes.Literal(ScanSql.Literally(f))))}]) WHERE lower(split_part(path_in_schema, ', ', 1)) IN ({names})")[0][0] is long n ? n : 0);
    }
}
