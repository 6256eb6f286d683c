using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Functions that make rows.</summary>
internal static class Generators
{
    public static void AddTo(FunctionList list)
    {
        foreach (bool outer in (ReadOnlySpan<bool>)[false, true])
        {
            string suffix = outer ? "_outer" : "";
            list.Custom("explode" + suffix, 1, 1, c => Explode(c, GeneratorKind.Explode, outer));
            list.Custom("posexplode" + suffix, 1, 1, c => Explode(c, GeneratorKind.PosExplode, outer));
            list.Custom("inline" + suffix, 1, 1, c => Inline(c, outer));
        }

        list.Names("explode explode_outer posexplode posexplode_outer", "collection");
        list.Names("inline inline_outer", "input");
        list.Custom("stack", 2, FunctionDefinition.Any, Stack);
    }

    private static BoundGenerator Explode(FunctionCall call, GeneratorKind kind, bool outer)
    {
        List<StructField> fields = kind == GeneratorKind.PosExplode ? [new StructField("pos", SparkType.Int, outer)] : [];
        switch (call.Type(0))
        {
            case ArrayType array:
                fields.Add(new StructField("col", array.Element, array.ContainsNull || outer));
                break;
            case MapType map:
                fields.Add(new StructField("key", map.Key, outer));
                fields.Add(new StructField("value", map.Value, map.ValueContainsNull || outer));
                break;
            default:
                throw Errors.Mismatch("UNEXPECTED_INPUT_TYPE", $"The function {call.Name} requires an ARRAY or MAP, but it is {Errors.TypeOf(call.Type(0))}.", call.At);
        }

        return new BoundGenerator(kind, [call.Arg(0)], outer, fields.ToSeq());
    }

    private static BoundGenerator Inline(FunctionCall call, bool outer) => call.Type(0) is ArrayType { Element: StructType type }
        ? new BoundGenerator(GeneratorKind.Inline, [call.Arg(0)], outer, type.Fields.Map(f => f with { Nullable = true }))
        : throw call.Mismatch(0, "ARRAY<STRUCT>");

    private static BoundGenerator Stack(FunctionCall call)
    {
        long rows = call.ConstantLong(0) is > 0 and var n ? n : throw call.Unsupported("with a row count that is not a positive constant");
        int width = (int)((call.Count - 2) / rows) + 1;
        BoundExpr[] values = [.. call.Args.Skip(1)];
        List<StructField> fields = [];
        for (int column = 0; column < width; column++)
        {
            int at = column;
            SparkType type = Coercion.Common(values.Where((_, i) => i % width == at).Select(v => v.Type), call.Ansi) ?? throw Errors.Mismatch("STACK_COLUMN_DIFF_TYPES", $"The data type of the column {at} does not have the same type.", call.At);
            fields.Add(new StructField($"col{at}", type));
        }

        List<BoundExpr> typed = [new BoundLiteral(rows, SparkType.Int)];
        for (int i = 0; i < rows * width; i++)
        {
            SparkType type = fields[i % width].Type;
            typed.Add(i < values.Length ? values[i].To(type) : new BoundLiteral(null, type));
        }

        return new BoundGenerator(GeneratorKind.Stack, typed.ToSeq(), false, fields.ToSeq());
    }
}
