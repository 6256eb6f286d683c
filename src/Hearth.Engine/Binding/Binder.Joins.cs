using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Joins, lateral views and set operations.</summary>
internal sealed partial class Binder
{
    private BoundPlan BindJoin(Join join, Scope? outer)
    {
        BoundPlan left = Bind(join.Left, outer);
        BoundPlan right = Bind(join.Right, join.Lateral ? new Scope(left, outer) : outer);
        right = Distinguish(left, right, join.Right.PlanId);
        Seq<string>? names = join.Natural
            ? left.Output.Select(a => a.Name).Where(n => right.Output.Any(r => Same(r.Name, n))).Distinct(StringComparer.OrdinalIgnoreCase).ToSeq()
            : join.Using;
        if (names is { Count: > 0 })
        {
            return BindUsing(join, left, right, names);
        }

        bool semi = join.Kind is JoinKind.LeftSemi or JoinKind.LeftAnti;
        Seq<BoundAttribute> all = [.. left.Output, .. right.Output];
        BoundExpr? on = join.On is null ? null : new ExpressionBinder(this, new Scope(all, outer) { Hidden = [.. left.Hidden, .. right.Hidden] }).BindCondition(join.On, "JOIN");
        JoinKind kind = on is null && join.Kind == JoinKind.Inner ? JoinKind.Cross : on is not null && join.Kind == JoinKind.Cross ? JoinKind.Inner : join.Kind;
        return new BoundJoin(left, right, kind, on, join.Lateral, semi ? left.Output : NullableSides(kind, left.Output, right.Output));
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static Seq<BoundAttribute> NullableSides(JoinKind kind, Seq<BoundAttribute> left, Seq<BoundAttribute> right)
    {
        bool leftNulls = kind is JoinKind.Right or JoinKind.Full, rightNulls = kind is JoinKind.Left or JoinKind.Full;
        return [.. left.Select(a => leftNulls ? a with { Nullable = true } : a), .. right.Select(a => rightNulls ? a with { Nullable = true } : a)];
    }

    // The same relation on both sides (df.join(df)): the right one gets columns of its own.
    private BoundPlan Distinguish(BoundPlan left, BoundPlan right, string? rightId)
    {
        if (!right.Output.Any(left.Output.Contains))
        {
            return right;
        }

        Seq<BoundAttribute> fresh = right.Output.Map(a => NewAttribute(a.Name, a.Type, a.Nullable, a.Qualifier));
        if (rightId is not null)
        {
            _outputs[rightId] = fresh;
        }

        return new BoundProject(right, right.Output.Map(a => (BoundExpr)new BoundColumn(a)), fresh);
    }

    private BoundPlan BindUsing(Join join, BoundPlan left, BoundPlan right, Seq<string> names)
    {
        List<BoundExpr> conditions = [], keys = [];
        List<BoundAttribute> used = [], keyColumns = [];
        foreach (string name in names)
        {
            BoundAttribute l = Single(left, name, join.At), r = Single(right, name, join.At);
            SparkType type = Coercion.ForComparison(l.Type, r.Type, Ansi)
                ?? throw Errors.Mismatch("BINARY_OP_DIFF_TYPES", $"The join columns `{name}` have types {Errors.TypeOf(l.Type)} and {Errors.TypeOf(r.Type)}.", join.At);
            conditions.Add(new BoundCall("({0} = {1})", [Cast(new BoundColumn(l), type), Cast(new BoundColumn(r), type)], SparkType.Boolean, true));
            used.AddRange([l, r]);
            (BoundExpr key, BoundAttribute column) = UsingKey(join.Kind, l, r, name);
            keys.Add(key);
            keyColumns.Add(column);
        }

        BoundExpr on = conditions.Aggregate((a, b) => new BoundCall("({0} AND {1})", [a, b], SparkType.Boolean, true));
        if (join.Kind is JoinKind.LeftSemi or JoinKind.LeftAnti)
        {
            return new BoundJoin(left, right, join.Kind, on, Lateral: false, left.Output);
        }

        JoinKind kind = join.Kind == JoinKind.Cross ? JoinKind.Inner : join.Kind;
        BoundJoin joined = new(left, right, kind, on, join.Lateral, NullableSides(kind, left.Output, right.Output));
        BoundAttribute[] rest = [.. joined.Output.Where(a => !used.Contains(a))];
        return new BoundProject(joined, [.. keys, .. rest.Select(a => new BoundColumn(a))], [.. keyColumns, .. rest])
        {
            Kept = [.. joined.Output.Where(a => used.Contains(a) && !keyColumns.Contains(a)), .. joined.Hidden],
        };
    }

    private (BoundExpr Key, BoundAttribute Column) UsingKey(JoinKind kind, BoundAttribute left, BoundAttribute right, string name)
    {
        if (kind == JoinKind.Right)
        {
            return (new BoundColumn(right), right);
        }

        if (kind != JoinKind.Full)
        {
            return (new BoundColumn(left), left);
        }

        SparkType type = Coercion.Common(left.Type, right.Type, Ansi) ?? left.Type;
        return (new BoundCall("coalesce({0}, {1})", [Cast(new BoundColumn(left), type), Cast(new BoundColumn(right), type)], type, true), NewAttribute(name, type, true));
    }

    private static BoundAttribute Single(BoundPlan side, string name, SourcePosition? at)
    {
        BoundAttribute[] found = [.. side.Output.Where(a => Same(a.Name, name))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new EngineException("UNRESOLVED_USING_COLUMN_FOR_JOIN", $"USING column `{name}` cannot be resolved on one side of the join. Columns there: [{string.Join(", ", side.Output.Select(a => a.Name))}].", position: at),
            _ => throw Errors.Ambiguous([name], found.Select(a => Errors.Quote([.. a.Qualifier, a.Name])), at),
        };
    }

    private BoundPlan BindLateralView(LateralView view, Scope? outer)
    {
        BoundPlan input = Bind(view.In, outer);
        BoundExpr bound = new ExpressionBinder(this, new Scope(input, outer)).Bind(view.Generator);
        if (bound is not BoundGenerator generator)
        {
            throw new EngineException("UNSUPPORTED_GENERATOR.NOT_GENERATOR", $"The generator is not supported: LATERAL VIEW expects a generator function, but {view.Generator.Name} is not one.", position: view.At);
        }

        generator = view.Outer ? generator with { Outer = true } : generator;
        if (view.Columns.Count > 0 && view.Columns.Count != generator.Fields.Count)
        {
            throw new EngineException("UDTF_ALIAS_NUMBER_MISMATCH", $"Expected {generator.Fields.Count} aliases, but got {string.Join(", ", view.Columns)}.", position: view.At);
        }

        Seq<string> qualifier = view.Name.Length == 0 ? [] : [view.Name];
        Seq<BoundAttribute> generated = generator.Fields
            .Select((f, i) => NewAttribute(view.Columns.Count > 0 ? view.Columns[i] : f.Name, f.Type, f.Nullable || generator.Outer, qualifier)).ToSeq();
        return new BoundGenerate(input, generator, generated);
    }

    private BoundPlan BindSetOperation(SetOperation operation, Scope? outer)
    {
        BoundPlan left = Bind(operation.Left, outer), right = Bind(operation.Right, outer);
        if (operation.ByName)
        {
            (left, right) = AlignByName(left, right, operation.AllowMissing);
        }

        string name = operation.Operator.ToString().ToUpperInvariant();
        if (left.Output.Count != right.Output.Count)
        {
            throw new EngineException("NUM_COLUMNS_MISMATCH", $"{name} can only be performed on inputs with the same number of columns, but the first input has {left.Output.Count} columns and the second input has {right.Output.Count} columns.", position: operation.At);
        }

        List<BoundAttribute> output = [];
        foreach ((BoundAttribute l, BoundAttribute r) in left.Output.Zip(right.Output))
        {
            SparkType type = Coercion.Common(l.Type, r.Type, Ansi)
                ?? throw new EngineException("INCOMPATIBLE_COLUMN_TYPE", $"{name} can only be performed on tables with compatible column types. The column {l.Name} is {Errors.TypeOf(l.Type)}, which is not compatible with {Errors.TypeOf(r.Type)}.", position: operation.At);
            output.Add(NewAttribute(l.Name, type, l.Nullable || r.Nullable, []));
        }

        return new BoundSetOperation(operation.Operator, operation.All, Cast(left, output), Cast(right, output), output.ToSeq());
    }

    private BoundPlan Cast(BoundPlan plan, IReadOnlyList<BoundAttribute> types)
    {
        Seq<BoundExpr> values = plan.Output.Select((a, i) => Cast(new BoundColumn(a), types[i].Type)).ToSeq();
        return values.All(v => v is BoundColumn) ? plan : new BoundProject(plan, values, values.Select((v, i) => NewAttribute(plan.Output[i].Name, v.Type, v.Nullable)).ToSeq());
    }

    private (BoundPlan Left, BoundPlan Right) AlignByName(BoundPlan left, BoundPlan right, bool allowMissing)
    {
        List<BoundAttribute> extra = [.. right.Output.Where(r => !left.Output.Any(l => Same(l.Name, r.Name)))];
        BoundAttribute? missing = left.Output.FirstOrDefault(l => !right.Output.Any(r => Same(l.Name, r.Name))) ?? extra.FirstOrDefault();
        if (missing is not null && !allowMissing)
        {
            throw Errors.UnresolvedColumn([missing.Name], (extra.Contains(missing) ? left : right).Output.Select(a => a.Name), null);
        }

        BoundExpr Value(BoundPlan side, BoundAttribute wanted) =>
            side.Output.FirstOrDefault(a => Same(a.Name, wanted.Name)) is { } own ? new BoundColumn(own) : new BoundLiteral(null, wanted.Type);
        BoundAttribute[] wanted = [.. left.Output, .. extra];
        BoundProject Align(BoundPlan side)
        {
            Seq<BoundExpr> values = wanted.Select(w => Value(side, w)).ToSeq();
            return new BoundProject(side, values, values.Select((v, i) => NewAttribute(wanted[i].Name, v.Type, v.Nullable)).ToSeq());
        }

        return (extra.Count == 0 ? left : Align(left), Align(right));
    }
}
