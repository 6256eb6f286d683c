using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Operators that are not arithmetic; arithmetic is in <see cref="Arithmetic"/>.</summary>
internal static class Operators
{
    public static void AddTo(FunctionList list)
    {
        Arithmetic.AddTo(list);
        list.Custom("and", 2, 2, c => FunctionCall.Make("({0} AND {1})", SparkType.Boolean, c.Bool(0), c.Bool(1)));
        list.Custom("or", 2, 2, c => FunctionCall.Make("({0} OR {1})", SparkType.Boolean, c.Bool(0), c.Bool(1)));
        list.Custom("not !", 1, 1, c => FunctionCall.Make("(NOT {0})", SparkType.Boolean, c.Bool(0)));
        list.Custom("=", 2, 2, c => Compare(c, "="));
        list.Custom("==", 2, 2, c => Compare(c, "="));
        list.Custom("!= <>", 2, 2, c => FunctionCall.Make("(NOT {0})", SparkType.Boolean, Compare(c, "=")));
        list.Custom("<", 2, 2, c => Compare(c, "<"));
        list.Custom("<=", 2, 2, c => Compare(c, "<="));
        list.Custom(">", 2, 2, c => Compare(c, ">"));
        list.Custom(">=", 2, 2, c => Compare(c, ">="));
        list.Custom("<=> equal_null", 2, 2, c => NotNullable(Compare(c, "IS NOT DISTINCT FROM")));
        list.Custom("between", 3, 3, c =>
        {
            SparkType low = Common(c, c.Type(0), c.Type(1)), high = Common(c, c.Type(0), c.Type(2));
            return FunctionCall.Make("(({0} >= {1}) AND ({2} <= {3}))", SparkType.Boolean, c.Arg(0).To(low), c.Arg(1).To(low), c.Arg(0).To(high), c.Arg(2).To(high));
        });
        list.Custom("isnull", 1, 1, c => NotNullable(FunctionCall.Make("({0} IS NULL)", SparkType.Boolean, c.Arg(0))));
        list.Custom("isnotnull", 1, 1, c => NotNullable(FunctionCall.Make("({0} IS NOT NULL)", SparkType.Boolean, c.Arg(0))));
        list.Custom("in isin", 2, FunctionDefinition.Any, c =>
        {
            (Seq<BoundExpr> values, _) = c.Unified();
            return new BoundIn(values[0], values.Skip(1).ToSeq());
        });
        list.Custom("like", 2, 3, c => Like(c, "LIKE"));
        list.Custom("ilike", 2, 3, c => Like(c, "ILIKE"));
        list.Custom("& bitand", 2, 2, c => Bits(c, "({0} & {1})"));
        list.Custom("| bitor", 2, 2, c => Bits(c, "({0} | {1})"));
        list.Custom("^ bitxor", 2, 2, c => Bits(c, "xor({0}, {1})"));
        list.Custom("~ bitnot", 1, 1, c => c.Type(0).IsIntegral ? FunctionCall.Make("(~{0})", c.Type(0), c.Arg(0)) : throw c.Mismatch(0, "INTEGRAL"));
        list.Custom("getfield", 2, 2, c => Access.Field(c.Arg(0), c.ConstantText(1) ?? throw c.Unsupported("with a name that is not constant"), c.At));
        list.Custom("getitem", 2, 2, c => Access.Index(c.Arg(0), c.Arg(1), c.Ansi));
    }

    private static BoundExpr NotNullable(BoundExpr call) => ((BoundCall)call) with { Nullable = false };

    private static SparkType Common(FunctionCall call, SparkType a, SparkType b) => Coercion.ForComparison(a, b, call.Ansi) is { } type && type is not MapType
        ? type
        : throw Errors.Mismatch("BINARY_OP_DIFF_TYPES", $"Cannot resolve \"({call.Name})\" due to data type mismatch: the left and right operands of the binary operator have incompatible types ({Errors.TypeOf(a)} and {Errors.TypeOf(b)}).", call.At);

    private static BoundExpr Compare(FunctionCall call, string symbol)
    {
        SparkType type = Common(call, call.Type(0), call.Type(1));
        return FunctionCall.Make($"({{0}} {symbol} {{1}})", SparkType.Boolean, call.Arg(0).To(type), call.Arg(1).To(type));
    }

    private static BoundExpr Like(FunctionCall call, string word)
    {
        string escape = call.Has(2) ? call.ConstantText(2) ?? throw call.Unsupported("with an escape that is not constant") : "\\";
        if (call.ConstantText(1) is { } pattern)
        {
            CheckEscapes(call, pattern, escape);
        }

        return FunctionCall.Make($"({{0}} {word} {{1}} ESCAPE {DuckTypes.Literal(escape)})", SparkType.Boolean, call.Text(0), call.Text(1));
    }

    // What is escaped must be a wildcard or the escape itself.
    private static void CheckEscapes(FunctionCall call, string pattern, string escape)
    {
        if (escape.Length != 1)
        {
            throw new EngineException("INVALID_ESCAPE_CHAR", $"EscapeChar should be a string literal of length one, but got {escape}.", ErrorKind.ParseException, position: call.At);
        }

        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != escape[0])
            {
                continue;
            }

            if (++i == pattern.Length)
            {
                throw new EngineException("INVALID_FORMAT.ESC_AT_THE_END", $"The format is invalid: '{pattern}'. The escape character is not allowed to end with.", position: call.At);
            }

            if (pattern[i] is not ('%' or '_') && pattern[i] != escape[0])
            {
                throw new EngineException("INVALID_FORMAT.ESC_IN_THE_MIDDLE", $"The format is invalid: '{pattern}'. The escape character is not allowed to precede '{pattern[i]}'.", position: call.At);
            }
        }
    }

    private static BoundExpr Bits(FunctionCall call, string template)
    {
        SparkType? type = Coercion.WiderNumeric(call.Type(0), call.Type(1));
        return type is not null && type.IsIntegral ? FunctionCall.Make(template, type, call.Arg(0).To(type), call.Arg(1).To(type)) : throw call.Mismatch(call.Type(0).IsIntegral ? 1 : 0, "INTEGRAL");
    }

    /// <summary>The automatic name of an operator, or null when the name is that of an ordinary function.</summary>
    public static string? PrettyOf(string symbol, string[] a) => (symbol, a.Length) switch
    {
        ("+" or "-" or "*" or "/" or "%" or "&" or "|" or "^" or "<" or "<=" or ">" or ">=" or "<=>", 2) => $"({a[0]} {symbol} {a[1]})",
        ("=" or "==", 2) => $"({a[0]} = {a[1]})",
        ("!=" or "<>", 2) => $"(NOT ({a[0]} = {a[1]}))",
        ("and", 2) => $"({a[0]} AND {a[1]})",
        ("or", 2) => $"({a[0]} OR {a[1]})",
        ("not" or "!", 1) => $"(NOT {a[0]})",
        ("~", 1) => $"~{a[0]}",
        ("div", 2) => $"({a[0]} div {a[1]})",
        ("||", 2) => $"concat({a[0]}, {a[1]})",
        ("positive", 1) => $"(+ {a[0]})",
        ("negative", 1) => $"(- {a[0]})",
        ("between", 3) => $"(({a[0]} >= {a[1]}) AND ({a[0]} <= {a[2]}))",
        ("isnull", 1) => $"({a[0]} IS NULL)",
        ("isnotnull", 1) => $"({a[0]} IS NOT NULL)",
        ("in" or "isin", > 1) => $"({a[0]} IN ({string.Join(", ", a[1..])}))",
        ("like", 2) => $"{a[0]} LIKE {a[1]}",
        ("like", 3) => $"{a[0]} LIKE {a[1]} ESCAPE '{a[2]}'",
        ("ilike", _) => $"ilike({a[0]}, {a[1]})",
        ("rlike", 2) => $"RLIKE({a[0]}, {a[1]})",
        ("getfield", 2) => $"{a[0]}.{a[1]}",
        ("getitem", 2) => $"{a[0]}[{a[1]}]",
        ("extract", 2) => $"extract({a[0]} FROM {a[1]})",
        ("if", 3) => $"(IF({a[0]}, {a[1]}, {a[2]}))",
        _ => null,
    };
}
