using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Driver.Sql;

/// <summary>Runs a SQL file as <c>spark-sql -f</c> does: rows go to stdout with tabs between columns, times to stderr, the first error ends it.</summary>
internal sealed class SqlProgram(EngineClient engine, TextWriter output, TextWriter error, DriverLog log)
{
    /// <summary>Runs all statements.</summary>
    /// <returns>Exit code: 0, or 1 after an error.</returns>
    public async Task<int> RunAsync(string text, IReadOnlyDictionary<string, string> variables, CancellationToken ct)
    {
        foreach (var statement in SqlText.Split(text))
        {
            var watch = Stopwatch.StartNew();
            try
            {
                var rows = await StatementAsync(SqlText.Substitute(statement, variables), ct).ConfigureAwait(false);
                log.Info("SparkSQLCLIDriver", string.Create(CultureInfo.InvariantCulture, $"Time taken: {watch.Elapsed.TotalSeconds:0.###} seconds, Fetched {rows} row(s)"));
            }
            catch (EngineErrorException e)
            {
                log.Error("SparkSQLDriver", $"Failed in [{statement}]");
                await error.WriteLineAsync($"Error: [{e.ErrorClass}] {e.Message}{(e.Hint is null ? "" : $"\nhint: {e.Hint}")}".AsMemory(), ct).ConfigureAwait(false);
                return 1;
            }
        }

        return 0;
    }

    private async Task<long> StatementAsync(string statement, CancellationToken ct)
    {
        var analysed = await engine.CallAsync("sql", new JsonObject { ["text"] = statement }, null, ct).ConfigureAwait(false);
        // What a statement does is done when it is analysed; one without columns (CREATE VIEW) has no rows to ask for.
        if (analysed["plan"] is not JsonObject plan || await AsTextAsync(plan, ct).ConfigureAwait(false) is not { } asText)
        {
            return 0;
        }

        var count = 0L;
        await engine.CallAsync("collect", new JsonObject { ["plan"] = asText }, rows => count += Write(rows), ct).ConfigureAwait(false);
        await output.FlushAsync(ct).ConfigureAwait(false);
        return count;
    }

    // The engine writes values as Spark casts them to text; columns are renamed first, because names may repeat. Null without columns.
    private async Task<JsonObject?> AsTextAsync(JsonObject plan, CancellationToken ct)
    {
        var schema = await engine.CallAsync("schema", new JsonObject { ["plan"] = plan.DeepClone() }, null, ct).ConfigureAwait(false);
        var names = Enumerable.Range(0, (schema["schema"]?["fields"] as JsonArray)?.Count ?? 0).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}")).ToArray();
        if (names.Length == 0)
        {
            return null;
        }

        var named = new JsonObject { ["t"] = "names", ["in"] = plan.DeepClone(), ["names"] = new JsonArray([.. names.Select(n => (JsonNode)n)]) };
        var casts = names.Select(n => (JsonNode)new JsonObject
        {
            ["t"] = "alias",
            ["name"] = n,
            ["e"] = new JsonObject { ["t"] = "cast", ["e"] = new JsonObject { ["t"] = "col", ["name"] = n }, ["type"] = "string", ["try"] = false },
        });
        return new JsonObject { ["t"] = "project", ["in"] = named, ["exprs"] = new JsonArray([.. casts]) };
    }

    private int Write(JsonArray rows)
    {
        foreach (var row in rows)
        {
            output.Write(string.Join('\t', (row as JsonArray ?? []).Select(v => v?.ToString() ?? "NULL")));
            output.Write('\n');
        }

        return rows.Count;
    }
}
