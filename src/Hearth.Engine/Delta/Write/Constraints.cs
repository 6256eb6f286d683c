using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Plans;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Write;

/// <summary>NOT NULL columns and CHECK constraints (<c>delta.constraints.NAME</c>). A condition that is NULL is violated too.</summary>
internal sealed class Constraints(EngineSession session)
{
    public const string Prefix = "delta.constraints.";

    /// <summary>Names and conditions of a table.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(Metadata metadata) =>
        metadata.Configuration.Where(p => p.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(p => KeyValuePair.Create(p.Key[Prefix.Length..], p.Value)).OrderBy(p => p.Key, StringComparer.Ordinal);

    /// <summary>The same rows; the query fails at a row that violates a constraint.</summary>
    public BoundPlan Enforce(BoundPlan rows, Metadata metadata)
    {
        Seq<BoundAttribute> named = rows.Output.Zip(metadata.Schema.Fields, (a, f) => a with { Name = f.Name, Qualifier = [] }).ToSeq();
        BoundExpr[] items = [.. rows.Output.Zip(metadata.Schema.Fields, (a, f) => f.Nullable ? (BoundExpr)new BoundColumn(a) : NotNull(a, f))];
        (string Name, string Text)[] checks = [.. Of(metadata).Select(c => (c.Key, c.Value))];
        if (checks.Length == 0 && metadata.Schema.Fields.All(f => f.Nullable))
        {
            return rows;
        }

        foreach ((string name, string text) in checks)
        {
            BoundExpr condition = new ExpressionBinder(new Binder(new SessionEnvironment(session)), new Scope(named)).BindCondition(SqlParser.ParseExpression(text), "CHECK");
            Dictionary<long, BoundAttribute> own = rows.Output.ToDictionary(a => a.Id);
            BoundLiteral message = new($"[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] CHECK constraint {name} ({text}) violated by a row.", SparkType.String);
            items[0] = new BoundCall("CASE WHEN coalesce({0}, false) THEN {1} ELSE error({2}) END", [Renamed(condition, own), items[0], message], items[0].Type, true);
        }

        long next = rows.Output.Max(a => a.Id) + 5_000_000;
        return new BoundProject(rows, items.ToSeq(), items.Select((v, i) => new BoundAttribute(next + i, metadata.Schema.Fields[i].Name, v.Type, true, [])).ToSeq());
    }

    // The condition was bound to the table's names; the rows may have others.
    private static BoundExpr Renamed(BoundExpr node, Dictionary<long, BoundAttribute> own) =>
        node is BoundColumn c && own.TryGetValue(c.Attribute.Id, out BoundAttribute? attribute) ? new BoundColumn(attribute) : node.MapChildren(child => Renamed(child, own));

    private static BoundCall NotNull(BoundAttribute column, StructField field) => new(
        "CASE WHEN {0} IS NULL THEN error({1}) ELSE {0} END",
        [new BoundColumn(column), new BoundLiteral($"[DELTA_NOT_NULL_CONSTRAINT_VIOLATED] NOT NULL constraint violated for column: {field.Name}.", SparkType.String)],
        column.Type,
        false);
}
