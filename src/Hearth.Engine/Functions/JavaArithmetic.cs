using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>
/// Whole numbers as Java computes them: what does not fit wraps. libduckdb raises an error there, so its own operators are tried and our functions, which are slower,
/// only compute the rows for which they fail. A tree of operators is tried as a whole.
/// </summary>
internal static class JavaArithmetic
{
    private const string Tried = "coalesce(TRY({0}), {1})";

    // An operand is printed twice; a large one is not worth it.
    private const int LargestOperand = 40;

    /// <summary>a + b, a - b or a * b.</summary>
    public static BoundExpr Of(BoundExpr left, BoundExpr right, SparkType type, string symbol)
    {
        if (type != SparkType.Long && type != SparkType.Int)
        {
            // The narrow types have room in a wider one.
            return FunctionCall.Make(Printing.CastSql.Wrap($"(CAST({{0}} AS INTEGER) {symbol} CAST({{1}} AS INTEGER))", type), type, left, right);
        }

        string name = $"hearth_{symbol switch { "+" => "add", "-" => "sub", _ => "mul" }}_{(type == SparkType.Long ? "long" : "int")}({{0}}, {{1}})";
        if (!IsPlain(left) || !IsPlain(right))
        {
            return FunctionCall.Make(name, type, left, right);
        }

        (BoundExpr nativeLeft, BoundExpr ownLeft) = Split(left);
        (BoundExpr nativeRight, BoundExpr ownRight) = Split(right);
        return FunctionCall.Make(Tried, type, FunctionCall.Make($"({{0}} {symbol} {{1}})", type, nativeLeft, nativeRight), FunctionCall.Make(name, type, ownLeft, ownRight));
    }

    /// <summary>The operators themselves, without what happens when they overflow.</summary>
    public static BoundExpr Native(BoundExpr value) => Split(value).Native;

    private static (BoundExpr Native, BoundExpr Own) Split(BoundExpr value) => value switch
    {
        BoundCall { Template: Tried } tried => (tried.Args[0], tried.Args[1]),
        BoundCast { Value: BoundCall { Template: Tried } tried } cast when Coercion.IsUpCast(tried.Type, cast.Type) => (cast with { Value = tried.Args[0] }, cast with { Value = tried.Args[1] }),
        _ => (value, value),
    };

    // libduckdb tries nothing that is volatile (error(..) is) or that has a query in it.
    private static bool IsPlain(BoundExpr value)
    {
        int nodes = 0;
        foreach (BoundExpr node in Split(value).Own.Walk())
        {
            bool plain = node switch
            {
                BoundScalarQuery or BoundExists or BoundInQuery or BoundWindow => false,
                BoundCall call => !call.Template.Contains("error(", StringComparison.Ordinal) && !call.Template.Contains("random(", StringComparison.Ordinal) && !call.Template.Contains("uuid(", StringComparison.Ordinal)
                    && !call.Template.Contains("_volatile(", StringComparison.Ordinal) && !call.Template.Contains(" OVER (", StringComparison.Ordinal),
                _ => true,
            };
            if (!plain || ++nodes > LargestOperand)
            {
                return false;
            }
        }

        return true;
    }
}
