using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>
/// <c>input_file_name()</c>: the column of file names is read only where the function is called. The relation under the call is then bound with one more column,
/// which no name reaches.
/// </summary>
internal static class FileNames
{
    private const string Name = "input_file_name()";

    /// <summary>The column of file names in a scope, if there is one.</summary>
    public static BoundAttribute? In(Scope scope) => scope.Hidden.FirstOrDefault(a => a.Name == Name && a.Qualifier is [Name]);

    /// <summary>The same relation with the hidden column of file names; null where rows are of no single file, as after a join or an aggregation.</summary>
    public static BoundPlan? Reach(BoundPlan plan, Binder binder)
    {
        BoundAttribute file = binder.NewAttribute(Name, SparkType.String, false, [Name]);
        return With(plan, file, binder) is { } wide
            ? new BoundProject(wide, plan.Output.Map(Column), plan.Output) { Kept = [file] }
            : null;
    }

    private static BoundExpr Column(BoundAttribute attribute) => new BoundColumn(attribute);

    private static BoundPlan? With(BoundPlan plan, BoundAttribute file, Binder binder) => plan switch
    {
        BoundScan { FileNames: { } names } scan => Scan(scan, names(), file),
        BoundValues or BoundOneRow or BoundEmpty => new BoundProject(plan, [.. plan.Output.Select(Column), new BoundLiteral("", SparkType.String)], [.. plan.Output, file]),
        BoundProject p => With(p.In, file, binder) is { } input ? p with { In = input, Items = [.. p.Items, Column(file)], Output = [.. p.Output, file] } : null,
        BoundFilter f => With(f.In, file, binder) is { } input ? new BoundFilter(input, f.Condition) : null,
        BoundSort s => With(s.In, file, binder) is { } input ? new BoundSort(input, s.Keys) : null,
        BoundLimit l => With(l.In, file, binder) is { } input ? new BoundLimit(input, l.Count, l.Offset) : null,
        BoundSample s => With(s.In, file, binder) is { } input ? new BoundSample(input, s.Fraction, s.Seed) : null,
        BoundRepartition r => With(r.In, file, binder) is { } input ? new BoundRepartition(input, r.Partitions) : null,
        BoundGenerate g => With(g.In, file, binder) is { } input ? new BoundGenerate(input, g.Generator, g.Generated) : null,
        // A view or a common table expression: read in place, with its names.
        BoundWithReference r => With(r.Query.Plan, file, binder) is { } query ? new BoundProject(query, [.. r.Query.Plan.Output.Select(Column), Column(file)], [.. r.Output, file]) : null,
        BoundSetOperation { Operator: SetOperator.Union, All: true } union => Union(union, file, binder),
        _ => null,
    };

    private static BoundScan Scan(BoundScan scan, (string FromSql, string Column) named, BoundAttribute file) =>
        scan with { FromSql = named.FromSql, LateFrom = null, Columns = [.. scan.Columns, named.Column], Output = [.. scan.Output, file], FileNames = null };

    private static BoundSetOperation? Union(BoundSetOperation union, BoundAttribute file, Binder binder) =>
        Side(union.Left, binder) is { } left && Side(union.Right, binder) is { } right ? union with { Left = left, Right = right, Output = [.. union.Output, file] } : null;

    // Columns of a set operation go by position.
    private static BoundProject? Side(BoundPlan plan, Binder binder)
    {
        BoundAttribute file = binder.NewAttribute(Name, SparkType.String, false, [Name]);
        return With(plan, file, binder) is { } wide ? new BoundProject(wide, [.. plan.Output.Select(Column), Column(file)], [.. plan.Output, file]) : null;
    }
}
