using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Pipe operators that no other clause is: the rest are parsed to the clauses they stand for.</summary>
internal sealed partial class Binder
{
    // By name, the n-th of several of one name; what was added to the tables below since does not show.
    private BoundPlan BindStored(StoredView view)
    {
        BoundPlan plan = Bind(view.In, null);
        Seq<StructField> fields = view.Schema.Fields;
        if (fields.Count == 0 || (fields.Count == plan.Output.Count && fields.Zip(plan.Output).All(p => p.First.Name == p.Second.Name && Coercion.SameLayout(p.Second.Type, p.First.Type))))
        {
            return plan;
        }

        List<BoundExpr> items = [];
        for (int i = 0; i < fields.Count; i++)
        {
            int before = fields.Take(i).Count(f => string.Equals(f.Name, fields[i].Name, StringComparison.OrdinalIgnoreCase));
            BoundAttribute column = plan.Output.Where(a => string.Equals(a.Name, fields[i].Name, StringComparison.OrdinalIgnoreCase)).ElementAtOrDefault(before)
                ?? throw new EngineException("INCOMPATIBLE_VIEW_SCHEMA_CHANGE", $"The SQL query of view `{view.Name}` has an incompatible schema change and column `{fields[i].Name}` cannot be resolved.", hint: "recreate the view with CREATE OR REPLACE VIEW");
            bool allowed = Coercion.SameLayout(column.Type, fields[i].Type) || (Session.Release.Major >= 4 ? Casts.Allowed(column.Type, fields[i].Type, ansi: true) : Coercion.IsUpCast(column.Type, fields[i].Type));
            items.Add(allowed ? ExpressionBinder.Strict(new BoundColumn(column).To(fields[i].Type)) : throw new EngineException("CANNOT_UP_CAST_DATATYPE", $"Cannot up cast `{fields[i].Name}` of view `{view.Name}` from {Errors.TypeOf(column.Type)} to {Errors.TypeOf(fields[i].Type)}.", hint: "recreate the view with CREATE OR REPLACE VIEW"));
        }

        return new BoundProject(plan, items.ToSeq(), fields.Select((f, i) => NewAttribute(f.Name, f.Type, items[i].Nullable)).ToSeq());
    }

    private BoundPlan BindPipe(Relation relation, Scope? outer) => relation switch
    {
        PipeInput input => Session.Release.Major >= 4
            ? Bind(input.In, outer)
            : throw new EngineException("PARSE_SYNTAX_ERROR", "Syntax error at or near '|>': the pipe syntax is Spark 4's.", ErrorKind.ParseException, "choose an emr-8 release, or write the query with its clauses", input.At),
        PipeSet set => BindPipeSet(set, outer),
        PipeDrop drop => BindPipeDrop(drop, outer),
        _ => throw Errors.Unsupported(relation.GetType().Name, relation.At),
    };

    private BoundProject BindPipeSet(PipeSet set, Scope? outer)
    {
        BoundPlan input = Bind(set.In, outer);
        BoundAttribute old = Required(input, set.Column, set.At);
        BoundExpr value = new ExpressionBinder(this, new Scope(input, outer)).Bind(set.Value);
        BoundAttribute changed = NewAttribute(old.Name, value.Type, value.Nullable);
        return new BoundProject(input, input.Output.Map(a => a.Equals(old) ? value : new BoundColumn(a)), input.Output.Map(a => a.Equals(old) ? changed : a));
    }

    private BoundProject BindPipeDrop(PipeDrop drop, Scope? outer)
    {
        BoundPlan input = Bind(drop.In, outer);
        if (drop.Columns.GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new EngineException("EXCEPT_OVERLAPPING_COLUMNS", $"Columns in an EXCEPT list must be distinct and non-overlapping, but got `{twice.Key}` twice.", position: drop.At);
        }

        HashSet<BoundAttribute> gone = [.. drop.Columns.Select(c => Required(input, c, drop.At))];
        Seq<BoundAttribute> kept = input.Output.Where(a => !gone.Contains(a)).ToSeq();
        return new BoundProject(input, kept.Map(a => (BoundExpr)new BoundColumn(a)), kept);
    }

    private static BoundAttribute Required(BoundPlan input, string column, SourcePosition? at) => input.Output.Where(a => string.Equals(a.Name, column, StringComparison.OrdinalIgnoreCase)).ToArray() switch
    {
        [var one] => one,
        [] => throw Errors.UnresolvedColumn([column], input.Output.Select(a => a.Name), at),
        _ => throw Errors.Ambiguous([column], [$"`{column}`"], at),
    };
}
