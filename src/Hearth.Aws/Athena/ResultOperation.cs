using System.Text.Json.Nodes;
using Hearth.Aws.Http;

namespace Hearth.Aws.Athena;

/// <summary>GetQueryResults: rows out of the result file in S3, as Athena reads them; the caller must be allowed to.</summary>
internal static class ResultOperation
{
    private const int LargestPage = 1000;

    public static async Task HandleAsync(AthenaCall call)
    {
        var execution = ExecutionOperations.Require(call);
        if (execution.State is not QueryState.Succeeded)
        {
            throw AthenaCall.Invalid(QueryState.IsFinal(execution.State)
                ? $"Query did not finish successfully. Final query state: {execution.State}"
                : $"Query has not yet finished. Current state: {execution.State}");
        }

        if (call.Json.Text("QueryResultType") is "DATA_MANIFEST")
        {
            throw AwsException.NotImplemented("DATA_MANIFEST results", "DATA_ROWS are there.");
        }

        var (bucket, key) = S3Uri.Parse(execution.Output)!.Value;
        if (call.Settings.Buckets.Decide(call.Json.Http.Caller, "s3:GetObject", bucket, key) is { Allowed: false } refused)
        {
            throw AthenaCall.Invalid($"Access denied when reading {execution.Output}: s3:GetObject is not allowed {refused.Because}");
        }

        using var opened = call.Settings.Runner.Objects.Open(bucket, key) ?? throw AthenaCall.Invalid($"Could not find results: there is no object {execution.Output}.");
        var start = call.Json.Text("NextToken") is { } token ? JsonPages.Place(token, execution.Id) ?? throw AthenaCall.WrongToken() : 0;
        if (start > opened.Info.Size)
        {
            throw AthenaCall.Invalid("Pagination token is not valid.");
        }

        await using var stream = opened.Stream(start);
        var reader = new ByteReader(stream, start);
        var most = call.Json.Number("MaxResults", 1, LargestPage) ?? LargestPage;
        var rows = Read(reader, execution, most);
        await AnswerAsync(call, execution, rows, reader.Peek() >= 0 ? JsonPages.Token(reader.Position, execution.Id) : null).ConfigureAwait(false);
    }

    private static JsonArray Read(ByteReader reader, QueryExecution execution, int most)
    {
        var rows = new JsonArray();
        while (rows.Count < most && (execution.HasRows ? ResultFile.ReadCsv(reader) : ResultFile.ReadText(reader)) is { } row)
        {
            rows.Add(new JsonObject { ["Data"] = new JsonArray([.. row.Select(v => v is null ? new JsonObject() : new JsonObject { ["VarCharValue"] = v })]) });
        }

        return rows;
    }

    private static Task AnswerAsync(AthenaCall call, QueryExecution execution, JsonArray rows, string? token)
    {
        var answer = new JsonObject
        {
            ["UpdateCount"] = execution.UpdateCount ?? 0,
            ["ResultSet"] = new JsonObject { ["Rows"] = rows, ["ResultSetMetadata"] = new JsonObject { ["ColumnInfo"] = new JsonArray([.. execution.Columns.Select(Column)]) } },
        };
        if (token is not null)
        {
            answer["NextToken"] = token;
        }

        return call.Json.AnswerAsync(answer);
    }

    private static JsonObject Column(QueryColumn column) => new()
    {
        ["CatalogName"] = "hive",
        ["SchemaName"] = "",
        ["TableName"] = "",
        ["Name"] = column.Name,
        ["Label"] = column.Name,
        ["Type"] = column.Type,
        ["Precision"] = column.Precision,
        ["Scale"] = column.Scale,
        ["Nullable"] = "UNKNOWN",
        ["CaseSensitive"] = column.Type is "varchar" or "char",
    };
}
