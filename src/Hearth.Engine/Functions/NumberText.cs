using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>to_char, to_number and their kin.</summary>
internal static class NumberText
{
    private static readonly SparkType Text = SparkType.String;

    public static void AddTo(FunctionList list)
    {
        list.Custom("to_char to_varchar", 2, 2, ToText, shown: "to_char");
        list.Custom("to_number", 2, 2, c => ToNumber(c, attempt: false));
        list.Custom("try_to_number", 2, 2, c => ToNumber(c, attempt: true));
    }

    private static string Format(FunctionCall call) => call.ConstantText(1) ?? throw call.Unsupported("with a format that is not constant");

    private static BoundExpr ToText(FunctionCall call)
    {
        if (call.Type(0) == SparkType.Date || call.Type(0).IsTimestamp)
        {
            return TimestampFunctions.Format(call, call.Timestamp(0), call.Text(1));
        }

        if (call.Type(0) == SparkType.Binary)
        {
            return Format(call).ToLowerInvariant() switch
            {
                "hex" => FunctionCall.Make("hex({0})", Text, call.Arg(0)),
                "base64" => FunctionCall.Make("to_base64({0})", Text, call.Arg(0)),
                "utf-8" => FunctionCall.Make("hearth_utf8({0})", Text, call.Arg(0)),
                var other => throw new EngineException("INVALID_PARAMETER_VALUE.BINARY_FORMAT", $"The value of parameter(s) `format` in `to_char` is invalid: expects one of binary formats 'base64', 'hex', 'utf-8', but got '{other}'.", position: call.At),
            };
        }

        _ = NumberPattern.Of(Format(call));
        BoundExpr value = call.Type(0) is DecimalType ? call.Arg(0) : call.Type(0).IsIntegral ? call.As(0, DecimalType.ForIntegral(call.Type(0))) : call.As(0, new DecimalType(30, 15));
        return FunctionCall.MakeNullable("hearth_to_char(CAST({0} AS VARCHAR), {1})", Text, value, call.Text(1));
    }

    private static BoundExpr ToNumber(FunctionCall call, bool attempt)
    {
        DecimalType type = NumberPattern.Of(Format(call)).Type;
        string parsed = $"hearth_to_number({{0}}, {{1}})";
        return FunctionCall.MakeNullable(
            attempt ? $"CAST({parsed} AS {DuckTypes.NameOf(type)})"
            : $"CAST(CASE WHEN {{0}} IS NULL THEN NULL ELSE coalesce({parsed}, error('[INVALID_FORMAT.MISMATCH_INPUT] The format is invalid: ' || {{1}} || '. The input \"STRING\" ' || {{0}} || ' does not match the format.')) END AS {DuckTypes.NameOf(type)})",
            type, call.Text(0), call.Text(1));
    }
}
