using System.Text.Json.Nodes;
using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>A MERGE with its names resolved: which clause acts on a row, as a number, and what the row becomes.</summary>
/// <remarks>Numbers: matched clauses first, then those by source, then inserts; <see cref="Copy"/> keeps a row of the target, <see cref="Drop"/> leaves out one of the source.</remarks>
internal sealed class MergePlan
{
    public const int Copy = -1;
    public const int Drop = -2;

    private readonly MergeInto _merge;
    private readonly Target _target;
    private readonly List<BoundClause> _clauses = [];

    /// <summary>A clause: its condition, and the values of the target's columns (null: the column stays; no values: the row is deleted).</summary>
    internal sealed record BoundClause(MergeClause Source, BoundExpr? Condition, BoundExpr?[]? Values);

    public MergePlan(MergeInto merge, Target target, Seq<BoundAttribute> source)
    {
        _merge = merge;
        _target = target;
        Scope both = new([.. target.Output, .. source]), sourceOnly = new(source), targetOnly = new(target.Output);
        On = Condition(merge.On, both)!;
        Matched = Bind(MergeWhen.Matched, both, source);
        BySource = Bind(MergeWhen.NotMatchedBySource, targetOnly, source);
        Inserts = Bind(MergeWhen.NotMatched, sourceOnly, source);
        _clauses.AddRange([.. Matched, .. BySource, .. Inserts]);
    }

    public BoundExpr On { get; }

    public IReadOnlyList<BoundClause> Matched { get; }

    public IReadOnlyList<BoundClause> BySource { get; }

    public IReadOnlyList<BoundClause> Inserts { get; }

    /// <summary>Numbers of the clauses that delete.</summary>
    public IEnumerable<int> Deletes => Enumerable.Range(0, _clauses.Count).Where(i => _clauses[i].Values is null);

    /// <summary>A row may match several times when all that can happen to it is to be deleted.</summary>
    public bool OneUnconditionalDelete => Matched is [{ Condition: null, Values: null }];

    private BoundExpr? Condition(Expr? condition, Scope scope)
    {
        if (condition is null)
        {
            return null;
        }

        BoundExpr bound = new ExpressionBinder(_target.Binder, scope).BindCondition(condition, "MERGE");
        Target.CheckPlain(bound, "MERGE", condition.At);
        return bound;
    }

    private List<BoundClause> Bind(MergeWhen when, Scope scope, Seq<BoundAttribute> source)
    {
        MergeClause[] clauses = [.. _merge.Clauses.Where(c => c.When == when)];
        if (clauses.SkipLast(1).Any(c => c.Condition is null))
        {
            string name = when switch { MergeWhen.Matched => "MATCHED", MergeWhen.NotMatched => "NOT_MATCHED_BY_TARGET", _ => "NOT_MATCHED_BY_SOURCE" };
            throw new EngineException($"NON_LAST_{name}_CLAUSE_OMIT_CONDITION", $"When there are more than one {name.Replace('_', ' ')} clauses in a MERGE statement, only the last {name.Replace('_', ' ')} clause can omit the condition.", ErrorKind.ParseException);
        }

        return [.. clauses.Select(c => new BoundClause(c, Condition(c.Condition, scope), Values(c, scope, source)))];
    }

    private BoundExpr?[]? Values(MergeClause clause, Scope scope, Seq<BoundAttribute> source)
    {
        if (clause.Action == MergeAction.Delete)
        {
            return null;
        }

        bool insert = clause.When == MergeWhen.NotMatched;
        BoundExpr?[] values = clause.Star ? Star(source, insert) : Assignments.Bind(clause.Assignments, _target, scope, "MERGE");
        return insert ? [.. values.Select((v, i) => v ?? new BoundLiteral(null, _target.Output[i].Type))] : values;
    }

    // UPDATE SET *, INSERT *: columns of the same name.
    private BoundExpr?[] Star(Seq<BoundAttribute> source, bool insert)
    {
        BoundExpr?[] values = new BoundExpr?[_target.Output.Count];
        for (int i = 0; i < values.Length; i++)
        {
            string name = _target.Output[i].Name;
            BoundAttribute? column = source.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));
            if (column is null && !EvolvesSchema)
            {
                throw new EngineException("DELTA_MERGE_UNRESOLVED_EXPRESSION", $"Cannot resolve {name} in {(insert ? "INSERT" : "UPDATE")} clause given columns {string.Join(", ", source.Select(s => s.Name))}.", hint: "name the columns instead of *, or allow WITH SCHEMA EVOLUTION");
            }

            values[i] = column is null ? null : StoreAssignment.Cast(new BoundColumn(column), _target.Metadata.Schema.Fields[i]);
        }

        return values;
    }

    private bool EvolvesSchema => _merge.SchemaEvolution;

    /// <summary>The table's columns after a MERGE: with schema evolution and a <c>*</c> clause also those that only the source has.</summary>
    public static Metadata Evolve(Metadata metadata, MergeInto merge, Seq<BoundAttribute> source)
    {
        if (!merge.SchemaEvolution || !merge.Clauses.Any(c => c.Star))
        {
            return metadata;
        }

        StructField[] added = [.. source.Where(s => metadata.Schema.IndexOf(s.Name) < 0).Select(s => new StructField(s.Name, WriteCommand.Nullable(s.Type)))];
        if (added.Length == 0)
        {
            return metadata;
        }

        SchemaText.Check(new StructType(added.ToSeq()));
        return metadata.WithSchema(SchemaText.Add(metadata.SchemaText, added));
    }

    /// <summary>The number of the clause that acts on a joined row.</summary>
    /// <param name="inTarget">Whether the row has a side of the target.</param>
    /// <param name="inSource">Whether it has a side of the source.</param>
    /// <param name="only">The only clauses that can act; the columns that others need are not there.</param>
    public BoundExpr Action(BoundExpr inTarget, BoundExpr inSource, MergeWhen? only = null)
    {
        List<BoundBranch> branches = [];
        for (int i = 0; i < _clauses.Count; i++)
        {
            MergeWhen when = _clauses[i].Source.When;
            if (only is { } one && when != one)
            {
                continue;
            }

            BoundExpr side = when switch { MergeWhen.Matched => And(inTarget, inSource), MergeWhen.NotMatchedBySource => And(inTarget, Not(inSource)), _ => And(Not(inTarget), inSource) };
            branches.Add(new BoundBranch(_clauses[i].Condition is { } condition ? And(side, condition) : side, new BoundLiteral((long)i, SparkType.Int)));
        }

        branches.Add(new BoundBranch(inTarget, new BoundLiteral((long)Copy, SparkType.Int)));
        return new BoundCase(branches.ToSeq(), new BoundLiteral((long)Drop, SparkType.Int), SparkType.Int);
    }

    private static BoundCall And(BoundExpr a, BoundExpr b) => new("({0} AND {1})", [a, b], SparkType.Boolean, true);

    private static BoundCall Not(BoundExpr a) => new("(NOT {0})", [a], SparkType.Boolean, true);

    /// <summary>Whether a row stays in the table.</summary>
    public BoundExpr Keeps(BoundAttribute action) => new BoundCall("(NOT {0})", [new BoundIn(new BoundColumn(action), [.. Deletes.Append(Drop).Select(n => (BoundExpr)new BoundLiteral((long)n, SparkType.Int))])], SparkType.Boolean, true);

    /// <summary>The columns of a row that stays.</summary>
    public IEnumerable<BoundExpr> Values(BoundAttribute action, MergeWhen? only = null)
    {
        for (int column = 0; column < _target.Output.Count; column++)
        {
            List<BoundBranch> branches = [];
            for (int i = 0; i < _clauses.Count; i++)
            {
                if (_clauses[i].Values?[column] is { } value && (only is null || _clauses[i].Source.When == only))
                {
                    branches.Add(new BoundBranch(new BoundCall("({0} = {1})", [new BoundColumn(action), new BoundLiteral((long)i, SparkType.Int)], SparkType.Boolean, true), value));
                }
            }

            BoundExpr stays = only == MergeWhen.NotMatched ? new BoundLiteral(null, _target.Output[column].Type) : new BoundColumn(_target.Output[column]);
            yield return branches.Count == 0 ? stays : new BoundCase(branches.ToSeq(), stays, _target.Output[column].Type);
        }
    }

    /// <summary>Operation parameters for the history.</summary>
    public IEnumerable<(string Key, string Value)> Parameters()
    {
        ExpressionBinder binder = new(_target.Binder, new Scope([]));
        string Clauses(IEnumerable<BoundClause> clauses) => new JsonArray([.. clauses.Select(c =>
        {
            JsonObject json = [];
            if (c.Source.Condition is { } condition)
            {
                json["predicate"] = binder.Pretty(condition);
            }

            json["actionType"] = c.Source.Action.ToString().ToLowerInvariant();
            return (JsonNode?)json;
        })]).ToJsonString();
        return
        [
            ("predicate", Operation.List([binder.Pretty(_merge.On)])),
            ("matchedPredicates", Clauses(Matched)), ("notMatchedPredicates", Clauses(Inserts)), ("notMatchedBySourcePredicates", Clauses(BySource)),
        ];
    }
}
