using Hearth.Engine.Binding;
using Hearth.Engine.Catalog;
using Hearth.Engine.Plans;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>What the binder sees of a session.</summary>
internal sealed class SessionEnvironment(EngineSession session) : IBindingEnvironment
{
    public TimeZoneInfo Zone => session.Zone;

    public string CurrentDatabase => session.CurrentDatabase;

    public IEnumerable<string> RelationNames => session.TemporaryViews.Concat(session.Catalog.Tables(session.CurrentDatabase).Select(t => t.Name));

    public string? Conf(string key) => session.Conf.Get(key);

    public Relation? FindView(Seq<string> name)
    {
        if (name.Count == 1 && session.TemporaryView(name[0]) is { } temporary)
        {
            return temporary;
        }

        if (name.Count == 2 && name[0].Equals("global_temp", StringComparison.OrdinalIgnoreCase))
        {
            return session.TemporaryView($"global_temp.{name[1]}");
        }

        return Find(name) is { ViewText: { } text } ? ((QueryStatement)SqlParser.ParseStatement(text)).Query : null;
    }

    /// <summary>The catalog's entry, or null.</summary>
    public TableInfo? Find(Seq<string> name)
    {
        string[] parts = [.. name.Count == 3 && name[0].Equals("spark_catalog", StringComparison.OrdinalIgnoreCase) ? name.Skip(1) : name];
        return parts.Length switch
        {
            1 => session.Catalog.Find(session.CurrentDatabase, parts[0].ToLowerInvariant()),
            2 => session.Catalog.Find(parts[0].ToLowerInvariant(), parts[1].ToLowerInvariant()),
            _ => null,
        };
    }

    public BoundPlan? ScanTable(Seq<string> name, Binder binder)
    {
        if (Find(name) is not { ViewText: null } table)
        {
            return null;
        }

        Seq<string> qualifier = ["spark_catalog", table.Database, table.Name];
        string location = session.LocalPath(table.Location);
        bool empty = !Directory.Exists(location) && !File.Exists(location);
        if (empty)
        {
            return new BoundEmpty(table.Schema.Fields.Map(f => binder.NewAttribute(f.Name, f.Type, true, qualifier)));
        }

        FileRelation files = new(table.Format, [table.Location], table.Schema, new Options(table.Options));
        return Files().Scan(files, binder, qualifier);
    }

    public BoundPlan ScanFiles(FileRelation files, Binder binder) => Files().Scan(files, binder);

    public BoundPlan ScanCache(string id, Binder binder)
    {
        EngineSession.CachedRows rows = session.CachedTable(id);
        return new BoundScan(
            rows.Table,
            rows.Fields.Select((_, i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{i}")).ToSeq(),
            rows.Fields.Map(f => binder.NewAttribute(f.Name, f.Type, f.Nullable)))
        {
            Label = $"InMemoryTableScan {id}",
        };
    }

    public BoundPlan ScanRows(LocalRelation rows, Binder binder)
    {
        Seq<BoundAttribute> output = rows.Schema.Fields.Map(f => binder.NewAttribute(f.Name, f.Type, f.Nullable));
        if (rows.Rows.Count == 0)
        {
            return new BoundEmpty(output);
        }

        Seq<Seq<BoundExpr>> values = rows.Rows.Select(row => row.Select((v, i) => (BoundExpr)new BoundLiteral(v, rows.Schema.Fields[i].Type)).ToSeq()).ToSeq();
        return new BoundValues(values, output);
    }

    private FileScans Files() => new(() => session.Rent(), session.LocalPath, session.Conf.Get);
}
