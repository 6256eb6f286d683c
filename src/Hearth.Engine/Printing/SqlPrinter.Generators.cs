using System.Globalization;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Printing;

/// <summary>explode and its kin: <c>unnest</c> in the select list, which drops rows whose list is empty or NULL.</summary>
internal sealed partial class SqlPrinter
{
    private void Generate(BoundGenerate generate)
    {
        BoundGenerator generator = generate.Generator;
        bool structs = generator.Kind is GeneratorKind.Inline or GeneratorKind.Stack;
        bool any = generate.In is not BoundOneRow && generate.In.Output.Count > 0;
        string rows = DuckTypes.Quote($"_rows#{generate.Generated[0].Id}");
        if (structs)
        {
            string inputs = string.Concat(generate.In.Output.Select(a => DuckTypes.Quote(a.PhysicalName) + ", "));
            string fields = string.Join(", ", generate.Generated.Select((a, i) => $"struct_extract({rows}, {DuckTypes.Literal(FieldName(generator, i))}) AS {DuckTypes.Quote(a.PhysicalName)}"));
            _out.Append("SELECT ").Append(any ? inputs : "").Append(fields).Append(" FROM (");
        }

        _out.Append("SELECT ").Append(any ? "*, " : "");
        switch (generator.Kind)
        {
            case GeneratorKind.Stack:
                _out.Append("unnest([");
                Stack(generator);
                _out.Append("]) AS ").Append(rows);
                break;
            case GeneratorKind.Inline:
                _out.Append("unnest(").Append(List(generator, Text(generator.Args[0]))).Append(") AS ").Append(rows);
                break;
            default:
                Explode(generator, generate.Generated);
                break;
        }

        if (generate.In is not BoundOneRow)
        {
            _out.Append(" FROM ");
            Source(generate.In);
        }

        _out.Append(structs ? ") g" + (++_alias).ToString(CultureInfo.InvariantCulture) : "");
    }

    private static string FieldName(BoundGenerator generator, int index) =>
        generator.Kind == GeneratorKind.Stack ? $"c{index}" : generator.Fields[index].Name;

    private string Text(BoundExpr expr)
    {
        int start = _out.Length;
        Expr(expr);
        string text = _out.ToString(start, _out.Length - start);
        _out.Length = start;
        return text;
    }

    // An outer generator gives one row of NULL for an empty or NULL list.
    private static string List(BoundGenerator generator, string list) =>
        generator.Outer ? $"CASE WHEN len({list}) > 0 THEN {list} ELSE [NULL] END" : list;

    private void Explode(BoundGenerator generator, Seq<BoundAttribute> generated)
    {
        string value = Text(generator.Args[0]);
        bool map = generator.Args[0].Type is MapType;
        int at = 0;
        if (generator.Kind == GeneratorKind.PosExplode)
        {
            string size = map ? $"CAST(cardinality({value}) AS BIGINT)" : $"len({value})";
            string positions = $"range({size})";
            string list = generator.Outer ? $"CASE WHEN {size} > 0 THEN {positions} ELSE [NULL] END" : positions;
            _out.Append("CAST(unnest(").Append(list).Append(") AS INTEGER) AS ").Append(DuckTypes.Quote(generated[at++].PhysicalName)).Append(", ");
        }

        if (!map)
        {
            _out.Append("unnest(").Append(List(generator, value)).Append(") AS ").Append(DuckTypes.Quote(generated[at].PhysicalName));
            return;
        }

        _out.Append("unnest(").Append(List(generator, $"map_keys({value})")).Append(") AS ").Append(DuckTypes.Quote(generated[at].PhysicalName))
            .Append(", unnest(").Append(List(generator, $"map_values({value})")).Append(") AS ").Append(DuckTypes.Quote(generated[at + 1].PhysicalName));
    }

    private void Stack(BoundGenerator generator)
    {
        int width = generator.Fields.Count;
        for (int i = 1; i < generator.Args.Count; i++)
        {
            int column = (i - 1) % width;
            _out.Append(column == 0 ? (i == 1 ? "{" : "}, {") : ", ").Append(CultureInfo.InvariantCulture, $"'c{column}': ");
            if (generator.Fields[column].Type.IsInterval || generator.Fields[column].Type == SparkType.Void)
            {
                Expr(generator.Args[i]);
            }
            else
            {
                _out.Append("CAST(");
                Expr(generator.Args[i]);
                _out.Append(" AS ").Append(DuckTypes.NameOf(generator.Fields[column].Type)).Append(')');
            }
        }

        _out.Append('}');
    }
}
