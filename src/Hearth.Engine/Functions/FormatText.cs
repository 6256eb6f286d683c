using System.Globalization;
using System.Text;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>format_string: java.util.Formatter over constant formats. Each directive becomes text of its own, the pieces are concatenated.</summary>
internal static class FormatText
{
    public static BoundExpr Bind(FunctionCall call)
    {
        string format = call.ConstantText(0) ?? throw call.Unsupported("with a format that is not constant");
        List<BoundExpr> parts = [];
        StringBuilder literal = new();
        int next = 1;
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                literal.Append(format[i]);
                continue;
            }

            int start = i++;
            while (i < format.Length && (char.IsAsciiDigit(format[i]) || format[i] is '-' or '+' or ' ' or ',' or '.' or '(' or '#' or '$'))
            {
                i++;
            }

            char kind = i < format.Length ? format[i] : throw call.Unsupported($"with the format '{format}'");
            if (kind is '%' or 'n')
            {
                literal.Append(kind == 'n' ? '\n' : '%');
                continue;
            }

            string flags = format[(start + 1)..i];
            int dollar = flags.IndexOf('$', StringComparison.Ordinal);
            int argument = dollar > 0 ? int.Parse(flags[..dollar], CultureInfo.InvariantCulture) : next++;
            parts.Add(new BoundLiteral(literal.ToString(), SparkType.String));
            literal.Clear();
            parts.Add(Directive(call, argument, dollar > 0 ? flags[(dollar + 1)..] : flags, kind));
        }

        parts.Add(new BoundLiteral(literal.ToString(), SparkType.String));
        return new BoundCall($"({string.Join(" || ", parts.Select((_, i) => $"{{{i}}}"))})", parts.ToSeq(), SparkType.String, false);
    }

    // NULL is the text null in the same width.
    private static string Width(string flags) => new([.. flags.TakeWhile(c => c != '.').Where(c => c is '-' || char.IsAsciiDigit(c)).SkipWhile(c => c == '0')]);

    private static BoundCall Directive(FunctionCall call, int index, string flags, char kind)
    {
        if (index == 0)
        {
            throw new EngineException("INVALID_PARAMETER_VALUE.ZERO_INDEX", $"The value of parameter(s) `strfmt` in `{call.Name}` is invalid: expects %1$, %2$ and so on, but got %0$.", position: call.At);
        }

        if (!call.Has(index))
        {
            throw new EngineException("MALFORMED_FORMAT", $"The format asks for argument {index}, but there are only {call.Count - 1}.", position: call.At);
        }

        SparkType type = call.Type(index);
        BoundExpr value = call.Text(index);
        bool fits = kind switch { 'd' or 'x' or 'X' or 'o' => type.IsIntegral, 'f' or 'e' or 'E' or 'g' => type.IsFractional || type is DecimalType, 's' or 'S' or 'b' or 'B' => true, 'c' => type.IsIntegral || type == SparkType.String, _ => false };
        return fits || type == SparkType.Void
            ? new BoundCall($"coalesce(hearth_format({{0}}, {DuckTypes.Literal(flags + kind)}, ''), hearth_format('null', {DuckTypes.Literal(Width(flags) + "s")}, ''))", [value], SparkType.String, false)
            : throw new EngineException("MALFORMED_FORMAT", $"The directive %{flags}{kind} does not take a value of type {type.SimpleName}.", position: call.At);
    }
}
