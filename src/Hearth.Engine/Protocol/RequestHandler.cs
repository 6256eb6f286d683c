using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Protocol;

/// <summary>Answers the requests of docs/engine-protocol.md over one session.</summary>
internal sealed class RequestHandler(EngineSession session)
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private readonly CatalogRequests _catalog = new(session);
    private readonly DeltaRequests _delta = new(session);

    /// <summary>Answers one request; every failure becomes an error frame.</summary>
    public void Handle(JsonElement request, Reply reply, CancellationToken connection)
    {
        string id = request.TryText("id") ?? "";
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(connection);
        _running[id] = cancel;
        ProgressReporter.CurrentRequest = id;
        try
        {
            Answer(request, reply, cancel.Token);
        }
        catch (EngineException error)
        {
            reply.Error(error);
        }
        catch (OperationCanceledException)
        {
            reply.Error(new EngineException("OPERATION_CANCELLED", "The operation was cancelled.", ErrorKind.SparkRuntimeException));
        }
        catch (Exception error) when (error is UnauthorizedAccessException or InvalidDataException || (error is IOException && error.InnerException is not System.Net.Sockets.SocketException))
        {
            reply.Error(new EngineException("FAILED_READ_FILE", error.Message, ErrorKind.SparkRuntimeException, inner: error));
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or InvalidCastException or NullReferenceException or ArgumentException or FormatException or OverflowException)
        {
            reply.Error(new EngineException("INTERNAL_ERROR", $"{error.GetType().Name}: {error.Message}", ErrorKind.SparkRuntimeException, "this is a fault of Hearth; run the job with `--engine spark` meanwhile", inner: error));
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private void Answer(JsonElement request, Reply reply, CancellationToken cancellationToken)
    {
        switch (request.Text("op"))
        {
            case "hello":
                Hello(request);
                reply.Ok(new JsonObject { ["version"] = session.SparkVersion, ["session"] = session.Id });
                break;
            case "ping":
                reply.Ok(new JsonObject());
                break;
            case "sql":
                Sql(request, reply, cancellationToken);
                break;
            case "schema":
                reply.Ok(new JsonObject { ["schema"] = TypeJson.Write(session.SchemaOf(Plan(request))) });
                break;
            case "collect":
                Collect(request, reply, cancellationToken);
                break;
            case "show":
                reply.Ok(new JsonObject { ["text"] = session.Show(Plan(request), (int)(request.TryLong("n") ?? 20), Truncate(request), request.Flag("vertical"), cancellationToken) });
                break;
            case "explain":
                reply.Ok(new JsonObject { ["text"] = PlanText.Explain(session.Analyze(Plan(request)), session, request.TryText("mode") ?? "simple") });
                break;
            case "write":
                reply.Ok(new JsonObject { ["rows"] = session.Write(Plan(request), Sink(request.Part("sink")), cancellationToken) });
                break;
            case "view":
                string name = request.Flag("global") ? $"global_temp.{request.Text("name")}" : request.Text("name");
                session.CreateTemporaryView(name, Plan(request), request.Flag("replace", otherwise: true));
                reply.Ok(new JsonObject());
                break;
            case "drop-view":
                reply.Ok(new JsonObject { ["dropped"] = session.DropTemporaryView(request.Flag("global") ? $"global_temp.{request.Text("name")}" : request.Text("name")) });
                break;
            case "cancel":
                Cancel(request.Text("target"));
                reply.Ok(new JsonObject());
                break;
            case "catalog":
                reply.Ok(_catalog.Answer(request));
                break;
            default:
                More(request, reply, cancellationToken);
                break;
        }
    }

    private void More(JsonElement request, Reply reply, CancellationToken cancellationToken)
    {
        switch (request.Text("op"))
        {
            case "delta":
                reply.Ok(_delta.Answer(request, cancellationToken));
                break;
            case "cache":
                reply.Ok(new JsonObject { ["plan"] = new JsonObject { ["t"] = "cached", ["id"] = session.Cache(Plan(request), cancellationToken).Id } });
                break;
            case "uncache":
                if (Plan(request) is CachedRelation cached)
                {
                    session.Uncache(cached.Id);
                }

                reply.Ok(new JsonObject { ["plan"] = JsonNode.Parse(request.Part("plan").GetRawText()) });
                break;
            case "conf-set":
                session.Conf.Set(request.Text("key"), request.Text("value"));
                reply.Ok(new JsonObject { ["value"] = request.Text("value") });
                break;
            case "conf-get":
                reply.Ok(new JsonObject { ["value"] = session.Conf.Get(request.Text("key")) });
                break;
            case "conf-unset":
                session.Conf.Reset(request.Text("key"));
                reply.Ok(new JsonObject { ["value"] = session.Conf.Get(request.Text("key")) });
                break;
            case "udf":
                session.Python.Add(request.Text("name"), request.TryText("shown") ?? request.Text("name"), request.Text("function"), TypeJson.Read(request.Part("type")), request.Flag("deterministic", otherwise: true));
                reply.Ok(new JsonObject());
                break;
            case "udf-worker":
                using (PythonWorker worker = new(reply.Stream))
                {
                    reply.Ok(new JsonObject());
                    session.Python.Worker = worker;
                    worker.Wait(cancellationToken);
                }

                break;
            case "work":
                session.Report($"work-{request.Text("work")}", request.TryText("kind") ?? "rdd", request.Text("state"), (int)(request.TryLong("tasks") ?? 0), (int)(request.TryLong("done") ?? 0));
                reply.Ok(new JsonObject());
                break;
            default:
                throw JsonFields.Malformed($"unknown operation '{request.Text("op")}'");
        }
    }

    private Relation Plan(JsonElement request) => new PlanReader(session.Kept).Read(request.Part("plan"));

    // false: no; true: 20; a number: itself.
    private static int Truncate(JsonElement request) => request.TryPart("truncate") is { } value
        ? value.ValueKind == JsonValueKind.Number ? value.GetInt32() : value.ValueKind == JsonValueKind.True ? 20 : 0
        : 20;

    private void Hello(JsonElement request)
    {
        foreach (JsonProperty pair in request.TryPart("conf") is { ValueKind: JsonValueKind.Object } conf ? conf.EnumerateObject() : default(JsonElement.ObjectEnumerator))
        {
            string value = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : pair.Value.GetRawText();
            session.Conf.SetAtStart(pair.Name, value);
        }
    }

    private void Sql(JsonElement request, Reply reply, CancellationToken cancellationToken)
    {
        string text = request.Text("text");
        StatementResult result = session.Execute(text, Parameters(request), cancellationToken);
        JsonNode plan = result.Relation is LocalRelation rows
            ? PlanWriter.Local(rows)
            : session.TemporaryViews.Count > 0
                ? new JsonObject { ["t"] = "kept", ["query"] = session.Keep(session.Fix(result.Relation)) }
                : new JsonObject { ["t"] = "sql", ["text"] = text, ["params"] = request.TryPart("params") is { } p ? JsonNode.Parse(p.GetRawText()) : null };
        reply.Ok(new JsonObject { ["plan"] = plan, ["command"] = result.IsCommand });
    }

    internal static SqlParameters Parameters(JsonElement json) => json.TryPart("params") switch
    {
        { ValueKind: JsonValueKind.Object } named => new SqlParameters([], named.EnumerateObject().ToDictionary(p => p.Name, p => ExprReader.Read(p.Value), StringComparer.Ordinal)),
        { ValueKind: JsonValueKind.Array } list => new SqlParameters([.. list.EnumerateArray().Select(ExprReader.Read)], new Dictionary<string, Expr>(StringComparer.Ordinal)),
        _ => SqlParameters.None,
    };

    private void Collect(JsonElement request, Reply reply, CancellationToken cancellationToken)
    {
        using QueryResult result = session.Run(Plan(request), request.TryLong("limit"), cancellationToken);
        long rows = 0;
        while (result.NextChunk())
        {
            rows += result.ChunkRows;
            reply.Batch(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("rows");
                for (int row = 0; row < result.ChunkRows; row++)
                {
                    result.WriteRow(writer, row);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
        }

        reply.Ok(new JsonObject { ["schema"] = TypeJson.Write(result.Schema), ["rows"] = rows });
    }

    private static WriteRequest Sink(JsonElement sink)
    {
        SaveMode mode = (sink.TryText("mode") ?? "error").ToLowerInvariant() switch
        {
            "append" => SaveMode.Append,
            "overwrite" => SaveMode.Overwrite,
            "ignore" => SaveMode.Ignore,
            "error" or "errorifexists" or "default" => SaveMode.ErrorIfExists,
            var other => throw new EngineException("INVALID_SAVE_MODE", $"The specified save mode \"{other}\" is invalid. Valid save modes include \"append\", \"overwrite\", \"ignore\", \"error\", \"errorifexists\", and \"default\".", ErrorKind.IllegalArgumentException),
        };
        Options options = PlanReader.OptionsOf(sink);
        string? table = sink.TryText("table");
        return new WriteRequest(sink.TryText("format")?.ToLowerInvariant(), mode, sink.TryText("path") ?? options.Get("path"), table is null ? null : ExprReader.NameParts(table), sink.Texts("partitionBy").ToSeq(), options, sink.Flag("insert"))
        {
            Replace = sink.Flag("replace"),
            ReplaceWhere = sink.TryPart("where") is { } where ? ExprReader.Read(where) : null,
            Properties = sink.TryPart("properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal) : null,
        };
    }

    private void Cancel(string target)
    {
        if (_running.TryGetValue(target, out CancellationTokenSource? source))
        {
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                Debug.WriteLine($"The request {target} ended before it was cancelled.");
            }
        }
    }
}
