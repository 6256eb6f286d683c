using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Protocol;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>What <c>Column.withField</c> and <c>Column.dropFields</c> call: a struct with one field more, another value in it, or fields less. A NULL struct stays NULL.</summary>
internal static class StructUpdates
{
    public static void AddTo(FunctionList list)
    {
        list.Custom("hearth_with_field", 3, 3, c => With(c.Arg(0), Path(c, 1), c.Arg(2), c), pretty: a => $"update_fields({a[0]}, WithField({a[2]}))");
        list.Custom("hearth_drop_fields", 2, FunctionDefinition.Any, c => Enumerable.Range(1, c.Count - 1).Aggregate(c.Arg(0), (value, i) => Without(value, Path(c, i), c)), pretty: a => $"update_fields({a[0]}, {string.Join(", ", a.Skip(1).Select(_ => "dropfield()"))})");
    }

    private static Seq<string> Path(FunctionCall call, int index) => ExprReader.NameParts(call.ConstantText(index) ?? throw call.Unsupported("with a field name that is not constant"));

    private static StructType Struct(BoundExpr value, FunctionCall call) => value.Type as StructType ?? throw call.Mismatch(0, "STRUCT");

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static BoundExpr With(BoundExpr value, Seq<string> path, BoundExpr field, FunctionCall call)
    {
        StructType type = Struct(value, call);
        string name = path[0];
        Seq<string> below = path.Skip(1).ToSeq();
        bool there = type.Fields.Any(f => Same(f.Name, name));
        if (!there && below.Count > 0)
        {
            throw new EngineException("FIELD_NOT_FOUND", $"No such struct field `{name}` in {string.Join(", ", type.Fields.Select(f => $"`{f.Name}`"))}.", position: call.At);
        }

        IEnumerable<(string, BoundExpr)> fields = type.Fields.Select(f => !Same(f.Name, name)
            ? (f.Name, Access.Field(value, f.Name, call.At))
            : (name, below.Count == 0 ? field : With(Access.Field(value, f.Name, call.At), below, field, call)));
        return Make(value, there ? [.. fields] : [.. fields, (name, field)]);
    }

    private static BoundExpr Without(BoundExpr value, Seq<string> path, FunctionCall call)
    {
        StructType type = Struct(value, call);
        string name = path[0];
        Seq<string> below = path.Skip(1).ToSeq();
        if (!type.Fields.Any(f => Same(f.Name, name)))
        {
            return value;
        }

        (string, BoundExpr)[] fields = [.. type.Fields.Where(f => below.Count > 0 || !Same(f.Name, name)).Select(f =>
        {
            BoundExpr own = Access.Field(value, f.Name, call.At);
            return (f.Name, Same(f.Name, name) ? Without(own, below, call) : own);
        })];
        return fields.Length > 0 ? Make(value, fields) : throw new EngineException("DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS", "Cannot drop all fields in struct.", position: call.At);
    }

    private static BoundCall Make(BoundExpr value, (string Name, BoundExpr Value)[] fields)
    {
        string packed = "{" + string.Join(", ", fields.Select((f, i) => string.Create(CultureInfo.InvariantCulture, $"{DuckTypes.Literal(f.Name)}: {{{i + 1}}}"))) + "}";
        StructType type = new(fields.Select(f => new StructField(f.Name, f.Value.Type, f.Value.Nullable)).ToSeq());
        return new BoundCall(value.Nullable ? $"CASE WHEN {{0}} IS NOT NULL THEN {packed} END" : packed, [value, .. fields.Select(f => f.Value)], type, value.Nullable);
    }
}
