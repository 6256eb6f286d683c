using Hearth.Aws.Http;
using System.Text.Json.Nodes;
using Hearth.Aws.Glue;

namespace Hearth.Aws.Athena;

/// <summary>Executions: look at them, list them, stop them.</summary>
internal static class ExecutionOperations
{
    private const string Engine = "Athena engine version 3";
    private const int MostInBatch = 50;
    private const int LargestPage = 50;

    /// <summary>The execution that the request names, once the caller may see it.</summary>
    public static QueryExecution Require(AthenaCall call)
    {
        var id = call.Json.Required("QueryExecutionId");
        var found = call.Store.Executions.Find(id);
        if (found is null)
        {
            call.Authorize(WorkGroup.Primary, call.Json.Http.Caller.Team);
            throw AthenaCall.Invalid($"QueryExecution {id} was not found");
        }

        call.Authorize(found.WorkGroup, found.Team);
        return found;
    }

    public static Task GetAsync(AthenaCall call) => call.Json.AnswerAsync(new JsonObject { ["QueryExecution"] = Write(Require(call), call.Now) });

    public static Task GetManyAsync(AthenaCall call)
    {
        var ids = call.Json.Texts("QueryExecutionIds");
        if (ids.Count is 0 or > MostInBatch)
        {
            throw call.Json.Broken("QueryExecutionIds", $"'{ids.Count}'", $"Member must have length between 1 and {MostInBatch}, inclusive");
        }

        var (found, lost) = (new JsonArray(), new JsonArray());
        foreach (var id in ids)
        {
            if (call.Store.Executions.Find(id) is { } execution && call.Allows(execution.WorkGroup, execution.Team))
            {
                found.Add(Write(execution, call.Now));
            }
            else
            {
                lost.Add(new JsonObject { ["QueryExecutionId"] = id, ["ErrorCode"] = "INVALID_QUERY_EXECUTION_ID", ["ErrorMessage"] = $"QueryExecution {id} was not found" });
            }
        }

        return call.Json.AnswerAsync(new JsonObject { ["QueryExecutions"] = found, ["UnprocessedQueryExecutionIds"] = lost });
    }

    /// <summary>Those of a work group that the caller may see, newest first.</summary>
    public static Task ListAsync(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup");
        var (page, token) = call.Page(
            [.. call.Store.Executions.All.Where(e => e.WorkGroup == group.Name && call.Allows(group.Name, e.Team, "athena:GetQueryExecution")).OrderByDescending(e => e.Submitted).ThenBy(e => e.Id, StringComparer.Ordinal)],
            LargestPage);
        return call.Json.AnswerPageAsync("QueryExecutionIds", page.Select(e => JsonValue.Create(e.Id)), token);
    }

    public static Task StopAsync(AthenaCall call)
    {
        call.Settings.Runner.Stop(Require(call).Id);
        return call.Json.AnswerAsync();
    }

    public static Task StatisticsAsync(AthenaCall call)
    {
        var execution = Require(call);
        return call.Json.AnswerAsync(new JsonObject
        {
            ["QueryRuntimeStatistics"] = new JsonObject
            {
                ["Timeline"] = Times(execution, call.Now),
                ["Rows"] = new JsonObject { ["OutputBytes"] = execution.OutputBytes, ["OutputRows"] = execution.OutputRows },
            },
        });
    }

    private static JsonObject Write(QueryExecution execution, DateTimeOffset now)
    {
        var status = new JsonObject { ["State"] = execution.State, ["SubmissionDateTime"] = GlueTable.Seconds(execution.Submitted) };
        if (execution.Completed is { } completed)
        {
            status["CompletionDateTime"] = GlueTable.Seconds(completed);
        }

        if (execution.Reason is { } reason)
        {
            status["StateChangeReason"] = reason;
        }

        if (execution.State is QueryState.Failed)
        {
            // Categories: 1 system, 2 user.
            status["AthenaError"] = new JsonObject { ["ErrorCategory"] = execution.IsUsersFault ? 2 : 1, ["ErrorType"] = execution.IsUsersFault ? 1006 : 0, ["Retryable"] = !execution.IsUsersFault, ["ErrorMessage"] = execution.Reason };
        }

        var written = new JsonObject
        {
            ["QueryExecutionId"] = execution.Id,
            ["Query"] = execution.Sql,
            ["StatementType"] = execution.StatementType,
            ["SubstatementType"] = execution.Substatement,
            ["ResultConfiguration"] = new JsonObject { ["OutputLocation"] = execution.Output },
            ["ResultReuseConfiguration"] = new JsonObject { ["ResultReuseByAgeConfiguration"] = new JsonObject { ["Enabled"] = false } },
            ["QueryExecutionContext"] = Context(execution),
            ["Status"] = status,
            ["Statistics"] = Statistics(execution, now),
            ["WorkGroup"] = execution.WorkGroup,
            ["EngineVersion"] = new JsonObject { ["SelectedEngineVersion"] = "AUTO", ["EffectiveEngineVersion"] = Engine },
        };
        if (execution.Parameters.Count > 0)
        {
            written["ExecutionParameters"] = new JsonArray([.. execution.Parameters.Select(p => JsonValue.Create(p))]);
        }

        return written;
    }

    private static JsonObject Context(QueryExecution execution)
    {
        var context = new JsonObject();
        if (execution.Database is not null)
        {
            context["Database"] = execution.Database;
        }

        if (execution.Catalog is not null)
        {
            context["Catalog"] = execution.Catalog;
        }

        return context;
    }

    private static JsonObject Statistics(QueryExecution execution, DateTimeOffset now)
    {
        var statistics = Times(execution, now);
        statistics["DataScannedInBytes"] = execution.ScannedBytes;
        statistics["ResultReuseInformation"] = new JsonObject { ["ReusedPreviousResult"] = false };
        return statistics;
    }

    private static JsonObject Times(QueryExecution execution, DateTimeOffset now)
    {
        var end = execution.Completed ?? now;
        var started = execution.Started ?? end;
        return new JsonObject
        {
            ["EngineExecutionTimeInMillis"] = (long)(end - started).TotalMilliseconds,
            ["TotalExecutionTimeInMillis"] = (long)(end - execution.Submitted).TotalMilliseconds,
            ["QueryQueueTimeInMillis"] = (long)(started - execution.Submitted).TotalMilliseconds,
            ["ServiceProcessingTimeInMillis"] = 0,
        };
    }
}
