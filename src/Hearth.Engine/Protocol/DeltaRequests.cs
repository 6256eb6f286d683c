using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Protocol;

/// <summary>The <c>delta</c> operation: what <c>DeltaTable</c> of Python asks for, as the statements that SQL has for it.</summary>
internal sealed class DeltaRequests(EngineSession session)
{
    public JsonObject Answer(JsonElement request, CancellationToken cancellationToken)
    {
        string action = request.Text("action");
        if (action == "isDeltaTable")
        {
            return new JsonObject { ["value"] = session.Delta.IsTable(request.Text("path")) };
        }

        StatementResult result = new StatementRunner(session).Run(StatementOf(action, request), cancellationToken);
        return new JsonObject { ["plan"] = PlanWriter.Local((LocalRelation)result.Relation) };
    }

    private Statement StatementOf(string action, JsonElement request)
    {
        Seq<string> table = ExprReader.NameParts(request.Text("table"));
        Expr? where = Expression(request, "where");
        return action switch
        {
            "update" => new UpdateTable(table, request.TryText("alias"), Assignments(request.Part("set")), where),
            "delete" => new DeleteFrom(table, request.TryText("alias"), where),
            "merge" => Merge(table, request),
            "history" => new DescribeHistory(table, request.TryLong("limit")),
            "detail" => new DescribeDetail(table),
            "restore" => new RestoreTable(table, request.TryLong("version") is { } v ? new LiteralExpr(v, SparkType.Long) : null, request.TryText("timestamp") is { } t ? new LiteralExpr(t, SparkType.String) : null),
            "optimize" => new OptimizeTable(table, where, request.Texts("zorder").ToSeq()),
            "vacuum" => new VacuumTable(table, request.TryPart("hours")?.GetDouble(), DryRun: false),
            "generate" => new GenerateFor(request.Text("mode"), table),
            "convert" => new ConvertToDelta(table, Schema(request, "partitionedBy"), NoStatistics: false),
            "create" => Create(table, request),
            _ => throw JsonFields.Malformed($"unknown delta action '{action}'"),
        };
    }

    private static Expr? Expression(JsonElement json, string name) => json.TryPart(name) is { } value ? ExprReader.Read(value) : null;

    private static StructType? Schema(JsonElement json, string name) => json.TryPart(name) is { } value ? PlanReader.Struct(ExprReader.ReadType(value)) : null;

    private static Seq<Assignment> Assignments(JsonElement set) => set.EnumerateObject().Select(p => new Assignment(ExprReader.NameParts(p.Name), ExprReader.Read(p.Value))).ToSeq();

    private MergeInto Merge(Seq<string> table, JsonElement request) => new(
        table,
        request.TryText("alias"),
        new PlanReader(session.Kept).Read(request.Part("source")),
        ExprReader.Read(request.Part("on")),
        request.Items("clauses").Select(Clause).ToSeq() is { Count: > 0 } clauses ? clauses : throw new EngineException("DELTA_MERGE_MISSING_WHEN", "There must be at least one WHEN clause in a MERGE statement."),
        request.Flag("evolve"));

    private static MergeClause Clause(JsonElement json)
    {
        MergeWhen when = json.Text("when") switch
        {
            "matched" => MergeWhen.Matched,
            "notMatched" => MergeWhen.NotMatched,
            "notMatchedBySource" => MergeWhen.NotMatchedBySource,
            var other => throw JsonFields.Malformed($"unknown rows of a merge clause '{other}'"),
        };
        MergeAction action = json.Text("action") switch
        {
            "update" => MergeAction.Update,
            "delete" => MergeAction.Delete,
            "insert" => MergeAction.Insert,
            var other => throw JsonFields.Malformed($"unknown action of a merge clause '{other}'"),
        };
        JsonElement? set = json.TryPart("set");
        return new MergeClause(when, Expression(json, "cond"), action, set is null ? [] : Assignments(set.Value), action != MergeAction.Delete && set is null);
    }

    private static CreateTable Create(Seq<string> table, JsonElement request)
    {
        string mode = request.Text("mode");
        Options properties = request.TryPart("properties") is { } given ? new Options(given.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString() ?? ""))) : Options.None;
        return new CreateTable(table, Schema(request, "schema"), "delta", request.Texts("partitionedBy").ToSeq(), request.TryText("location"), request.TryText("comment"), Options.None, properties, null, mode is "replace" or "createOrReplace", mode == "createIfNotExists")
        {
            MustExist = mode == "replace",
        };
    }
}
