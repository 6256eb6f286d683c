using System.Text.Json;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Protocol;

/// <summary>Plans of the wire form: the same relations that the SQL parser makes.</summary>
/// <param name="kept">Queries that the session keeps, by id.</param>
internal sealed class PlanReader(Func<string, Relation> kept)
{
    /// <exception cref="EngineException">INVALID_REQUEST when the plan is not in the protocol's form.</exception>
    public Relation Read(JsonElement json)
    {
        Relation relation = ReadNode(json);
        return json.TryText("id") is { } id && relation is not CachedRelation ? relation with { PlanId = id } : relation;
    }

    private Relation ReadNode(JsonElement json) => json.Text("t") switch
    {
        "read" => new FileRelation(json.Text("format").ToLowerInvariant(), json.Texts("paths").ToSeq(), json.TryPart("schema") is { } schema ? Struct(ExprReader.ReadType(schema)) : null, OptionsOf(json)),
        "table" => Table(json),
        "range" => new RangeRelation(json.TryLong("start") ?? 0, json.TryLong("end") ?? 0, json.TryLong("step") ?? 1),
        "local" => Local(json),
        "sql" => new SqlRelation(json.Text("text"), RequestHandler.Parameters(json)),
        "hint" => In(json),
        "project" => new Project(In(json), Exprs(json, "exprs")),
        "withColumns" => new WithColumns(In(json), json.Items("exprs").Select(e => ExprReader.Read(e) as AliasExpr ?? throw JsonFields.Malformed("withColumns takes alias expressions")).ToSeq()),
        "filter" => new Filter(In(json), ExprReader.Read(json.Part("cond"))),
        "aggregate" => Aggregate(json),
        "join" => Join(json),
        "sort" => new Sort(In(json), json.Items("keys").Select(ExprReader.SortKey).ToSeq()),
        "limit" => new Limit(In(json), Number(json.TryLong("n") ?? throw JsonFields.Malformed("limit needs n")), null),
        "offset" => new Limit(In(json), null, Number(json.TryLong("n") ?? throw JsonFields.Malformed("offset needs n"))),
        "set" => SetOperation(json),
        "distinct" => new Distinct(In(json), json.TryPart("cols") is null ? null : json.Texts("cols").ToSeq()),
        "drop" => new DropColumns(In(json), json.Items("cols").Where(c => c.ValueKind != JsonValueKind.String).Select(ExprReader.Read).ToSeq()) { Names = json.Items("cols").Where(c => c.ValueKind == JsonValueKind.String).Select(c => c.GetString()!).ToSeq() },
        "rename" => new RenameColumns(In(json), json.Part("map").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)).ToSeq()),
        "names" => new NameColumns(In(json), json.Texts("names").ToSeq()),
        "alias" => new Aliased(In(json), json.Text("name"), json.Texts("columns").ToSeq()),
        "sample" => Sample(json),
        "fillna" => Fill(json),
        "dropna" => DropNulls(json),
        "unpivot" => new Unpivot(In(json), Exprs(json, "ids"), Exprs(json, "values"), json.Items("values").Select(_ => (string?)null).ToSeq(), json.TryText("variable") ?? "variable", json.TryText("value") ?? "value", IncludeNulls: true),
        "repartition" or "coalesce" => new Repartition(In(json), (int?)json.TryLong("n")),
        "kept" => kept(json.Text("query")),
        "cached" => new CachedRelation(json.Text("id")),
        var other => throw JsonFields.Malformed($"unknown plan node '{other}'"),
    };

    // Reader options travel in time: spark.read.option("versionAsOf", 3).table("t").
    private static Relation Table(JsonElement json)
    {
        TableName name = new(ExprReader.NameParts(json.Text("name")));
        Options options = OptionsOf(json);
        string? version = options.Get("versionAsOf"), time = options.Get("timestampAsOf");
        return version is null && time is null ? name
            : new TimeTravel(name, version is null ? null : new LiteralExpr(version, SparkType.String), time is null ? null : new LiteralExpr(time, SparkType.String));
    }

    private Relation In(JsonElement json) => Read(json.Part("in"));

    private static Seq<Expr> Exprs(JsonElement json, string name) => json.Items(name).Select(ExprReader.Read).ToSeq();

    private static LiteralExpr Number(long n) => new(n, SparkType.Int);

    public static StructType Struct(SparkType type) => type as StructType ?? throw JsonFields.Malformed("a schema must be a struct");

    public static Options OptionsOf(JsonElement json) => json.TryPart("options") is { } options
        ? new Options(options.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => KeyValuePair.Create(p.Name, p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText())))
        : Options.None;

    private static LocalRelation Local(JsonElement json)
    {
        StructType schema = Struct(ExprReader.ReadType(json.Part("schema")));
        List<object?[]> rows = [];
        foreach (JsonElement row in json.Items("rows"))
        {
            if (row.GetArrayLength() != schema.Fields.Count)
            {
                throw JsonFields.Malformed($"a row has {row.GetArrayLength()} values, the schema {schema.Fields.Count} columns");
            }

            rows.Add([.. row.EnumerateArray().Select((v, i) => ValueReader.Read(v, schema.Fields[i].Type))]);
        }

        return new LocalRelation(schema, rows);
    }

    private Aggregate Aggregate(JsonElement json)
    {
        GroupingKind kind = json.TryText("grouping") switch { "cube" => GroupingKind.Cube, "rollup" => GroupingKind.Rollup, _ => GroupingKind.GroupBy };
        PivotClause? pivot = json.TryPart("pivot") is { } p
            ? new PivotClause([ExprReader.Read(p.Part("col"))], p.TryPart("values") is null ? [] : p.Items("values").Select(PivotValue).ToSeq())
            : null;
        return new Aggregate(In(json), new GroupBy(Exprs(json, "keys"), kind), Exprs(json, "aggs"), pivot);
    }

    private static PivotValue PivotValue(JsonElement json) =>
        ExprReader.Read(json) is AliasExpr { Names.Count: 1 } alias ? new PivotValue(alias.Value, alias.Names[0]) : new PivotValue(ExprReader.Read(json), null);

    private Join Join(JsonElement json)
    {
        JoinKind kind = json.TryText("how")?.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant() switch
        {
            null or "inner" => JoinKind.Inner,
            "left" or "leftouter" => JoinKind.Left,
            "right" or "rightouter" => JoinKind.Right,
            "full" or "outer" or "fullouter" => JoinKind.Full,
            "cross" => JoinKind.Cross,
            "semi" or "leftsemi" => JoinKind.LeftSemi,
            "anti" or "leftanti" => JoinKind.LeftAnti,
            var other => throw new EngineException("UNSUPPORTED_JOIN_TYPE", $"Unsupported join type '{other}'. Supported join types include: 'inner', 'outer', 'full', 'fullouter', 'full_outer', 'leftouter', 'left', 'left_outer', 'rightouter', 'right', 'right_outer', 'leftsemi', 'left_semi', 'semi', 'leftanti', 'left_anti', 'anti', 'cross'.", ErrorKind.IllegalArgumentException),
        };
        return new Join(Read(json.Part("left")), Read(json.Part("right")), kind, json.TryPart("on") is { } on ? ExprReader.Read(on) : null, json.TryPart("using") is null ? null : json.Texts("using").ToSeq(), Natural: false, Lateral: false);
    }

    private SetOperation SetOperation(JsonElement json)
    {
        string op = json.Text("op");
        SetOperator kind = op switch { "union" or "unionByName" => SetOperator.Union, "intersect" => SetOperator.Intersect, "except" => SetOperator.Except, _ => throw JsonFields.Malformed($"unknown set operation '{op}'") };
        return new SetOperation(kind, json.Flag("all", otherwise: kind == SetOperator.Union), Read(json.Part("left")), Read(json.Part("right")), op == "unionByName", json.Flag("allowMissing"));
    }

    private Sample Sample(JsonElement json) => json.Flag("replace")
        ? throw Binding.Errors.Unsupported("sampling with replacement")
        : new Sample(In(json), json.Part("fraction").GetDouble(), null, json.TryLong("seed"));

    private FillNulls Fill(JsonElement json)
    {
        JsonElement value = json.Part("value");
        static LiteralExpr Constant(JsonElement v) => v.ValueKind == JsonValueKind.Object ? (LiteralExpr)ExprReader.Read(v) : new LiteralExpr(ValueReader.Read(v, ValueReader.TypeOf(v)), ValueReader.TypeOf(v));
        bool byColumn = value.ValueKind == JsonValueKind.Object && value.TryText("t") is null;
        Seq<KeyValuePair<string?, LiteralExpr>> values = byColumn
            ? value.EnumerateObject().Select(p => KeyValuePair.Create((string?)p.Name, Constant(p.Value))).ToSeq()
            : [KeyValuePair.Create((string?)null, Constant(value))];
        return new FillNulls(In(json), values, json.TryPart("cols") is null ? null : json.Texts("cols").ToSeq());
    }

    private DropNulls DropNulls(JsonElement json)
    {
        int? least = (int?)json.TryLong("thresh") ?? (json.TryText("how") == "all" ? 1 : null);
        return new DropNulls(In(json), least, json.TryPart("cols") is null ? null : json.Texts("cols").ToSeq());
    }
}
