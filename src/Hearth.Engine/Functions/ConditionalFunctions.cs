using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Choices and NULL handling.</summary>
internal static class ConditionalFunctions
{
    public static void AddTo(FunctionList list)
    {
        list.Custom("coalesce", 1, FunctionDefinition.Any, Coalesce);
        list.Custom("nvl ifnull", 2, 2, Coalesce);
        list.Custom("if iff", 3, 3, c =>
        {
            SparkType type = c.Binder.Unify([c.Arg(1), c.Arg(2)], "IF", c.At);
            return new BoundCase([new BoundBranch(c.Bool(0), c.Arg(1).To(type))], c.Arg(2).To(type), type) { Nullable = c.Arg(1).Nullable || c.Arg(2).Nullable };
        });
        list.Custom("when", 2, FunctionDefinition.Any, When);
        list.Custom("nullif", 2, 2, c =>
        {
            SparkType type = Coercion.ForComparison(c.Type(0), c.Type(1), c.Ansi) ?? throw c.Mismatch(1, c.Type(0).SqlName);
            return FunctionCall.MakeNullable("CASE WHEN {1} = {2} THEN NULL ELSE {0} END", c.Type(0), c.Arg(0), c.Arg(0).To(type), c.Arg(1).To(type));
        });
        list.Custom("nvl2", 3, 3, c =>
        {
            SparkType type = c.Binder.Unify([c.Arg(1), c.Arg(2)], "nvl2", c.At);
            return FunctionCall.MakeNullable("CASE WHEN {0} IS NOT NULL THEN {1} ELSE {2} END", type, c.Arg(0), c.Arg(1).To(type), c.Arg(2).To(type));
        });
        list.Custom("nullifzero", 1, 1, c => FunctionCall.MakeNullable("nullif({0}, 0)", c.Type(0), c.Arg(0)));
        list.Custom("zeroifnull", 1, 1, c =>
        {
            SparkType type = Coercion.Common(c.Type(0), SparkType.Int, c.Ansi) ?? throw c.Mismatch(0, "NUMERIC");
            return new BoundCall("coalesce({0}, 0)", [c.Arg(0).To(type)], type, false);
        });
        list.Custom("nanvl", 2, 2, c =>
        {
            SparkType type = c.Type(0) == SparkType.Float && c.Type(1) == SparkType.Float ? SparkType.Float : SparkType.Double;
            return FunctionCall.Make("CASE WHEN isnan({0}) THEN {1} ELSE {0} END", type, c.As(0, type), c.As(1, type));
        });
        list.Custom("isnan", 1, 1, c => new BoundCall("coalesce(isnan({0}), false)", [c.Type(0) == SparkType.Float ? c.Arg(0) : c.Double(0)], SparkType.Boolean, false));
        list.Custom("greatest", 2, FunctionDefinition.Any, c => Extreme(c, "greatest"));
        list.Custom("least", 2, FunctionDefinition.Any, c => Extreme(c, "least"));
        list.Custom("assert_true", 1, 2, c => FunctionCall.MakeNullable(
            "CASE WHEN {0} THEN NULL ELSE error('[USER_RAISED_EXCEPTION] ' || {1}) END", SparkType.Void, c.Bool(0), c.Has(1) ? c.Text(1) : new BoundLiteral($"'{c.Binder.Pretty(c.Raw(0))}' is not true!", SparkType.String)));
        list.Custom("raise_error", 1, 1, c => FunctionCall.MakeNullable("error('[USER_RAISED_EXCEPTION] ' || {0})", SparkType.Void, c.Text(0)));
    }

    private static BoundExpr Coalesce(FunctionCall call)
    {
        (Seq<BoundExpr> values, SparkType type) = call.Unified();
        string template = $"coalesce({string.Join(", ", Enumerable.Range(0, values.Count).Select(i => $"{{{i}}}"))})";
        return new BoundCall(template, values, type, values.All(v => v.Nullable));
    }

    private static BoundExpr Extreme(FunctionCall call, string name)
    {
        (Seq<BoundExpr> values, SparkType type) = call.Unified();
        string template = $"{name}({string.Join(", ", Enumerable.Range(0, values.Count).Select(i => $"{{{i}}}"))})";
        return new BoundCall(template, values, type, values.All(v => v.Nullable));
    }

    // when(c1, v1, c2, v2, .., otherwise): the function form of CASE.
    private static BoundCase When(FunctionCall call)
    {
        int pairs = call.Count / 2;
        BoundExpr[] values = [.. Enumerable.Range(0, call.Count).Where(i => i % 2 == 1 || i == pairs * 2).Select(call.Arg)];
        SparkType type = call.Binder.Unify(values, "CASE", call.At);
        Seq<BoundBranch> branches = Enumerable.Range(0, pairs).Select(i => new BoundBranch(call.Bool(i * 2), call.As((i * 2) + 1, type))).ToSeq();
        return new BoundCase(branches, call.Count % 2 == 1 ? call.As(call.Count - 1, type) : null, type);
    }
}
