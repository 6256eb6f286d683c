using System.Text.Json.Nodes;
using Hearth.Aws.Http;

namespace Hearth.Aws.Athena;

/// <summary>StartQueryExecution.</summary>
internal static class StartOperation
{
    private const int LongestQuery = 262_144;

    public static Task HandleAsync(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup");
        var sql = call.Json.Required("QueryString");
        if (sql.Length > LongestQuery)
        {
            throw AthenaCall.Invalid($"The query has {sql.Length} characters; at most {LongestQuery} are allowed.");
        }

        if (group.State is not "ENABLED")
        {
            throw AthenaCall.Invalid($"WorkGroup {group.Name} is disabled.");
        }

        var token = Token(call);
        if (token is not null && Known(call, token) is { } known)
        {
            return known.Sql == sql && known.WorkGroup == group.Name
                ? AnswerAsync(call, known.Id)
                : throw AthenaCall.Invalid($"Idempotent parameters do not match: the client request token was used for query {known.Id}.");
        }

        var (execution, request) = Read(call, group, sql, token);
        if (!call.Store.Executions.Add(execution.Id, execution))
        {
            return AnswerAsync(call, execution.Id);
        }

        call.Settings.Runner.Start(execution, request);
        return AnswerAsync(call, execution.Id);
    }

    private static (QueryExecution Execution, QueryRequest Request) Read(AthenaCall call, WorkGroup group, string sql, string? token)
    {
        var context = call.Json.Member("QueryExecutionContext");
        var (catalogName, database) = (context?.Text("Catalog"), context?.Text("Database"));
        var catalog = call.CatalogOf(catalogName);
        var (statement, parameters) = PreparedOperations.Resolve(call, sql, group, call.Json.Texts("ExecutionParameters"));
        var kind = Kind(call, statement);
        var id = IdOf(call, token);
        var execution = new QueryExecution
        {
            Id = id,
            Sql = sql,
            WorkGroup = group.Name,
            Catalog = catalogName,
            Database = database,
            Parameters = parameters,
            StatementType = kind.Type,
            Substatement = kind.Substatement,
            HasRows = kind.HasRows,
            Output = $"{Location(call, group)}{id}{(kind.HasRows ? ".csv" : ".txt")}",
            State = QueryState.Queued,
            Submitted = call.Now,
            Principal = call.Json.Http.Caller.PrincipalArn,
            Team = call.Json.Http.Caller.Team,
            ClientToken = token,
        };
        return (execution, new QueryRequest(statement, database?.ToLowerInvariant() ?? "default", parameters, catalog, call.Json.Http.Caller));
    }

    // What cannot be parsed at all is refused here, as Athena does for some of it; everything else fails as an execution.
    private static StatementKind Kind(AthenaCall call, string sql)
    {
        try
        {
            return call.Settings.Runner.Engine.KindOf(sql);
        }
        catch (QueryException e)
        {
            throw AthenaCall.Invalid($"{e.Message} (Hearth's Athena speaks Spark SQL.)");
        }
    }

    /// <summary>Where the result goes, with a slash at the end: the work group's place when it insists or the request has none.</summary>
    private static string Location(AthenaCall call, WorkGroup group)
    {
        var configuration = call.Json.Member("ResultConfiguration");
        if (configuration?.Member("EncryptionConfiguration") is { } encryption && encryption.Text("EncryptionOption") is not "SSE_S3")
        {
            throw AwsException.NotImplemented("encryption of query results with KMS", "Leave EncryptionConfiguration out.");
        }

        var own = configuration?.Text("OutputLocation");
        var location = group.Enforce || own is null ? group.OutputLocation : own;
        if (location is null)
        {
            throw AthenaCall.Invalid("No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.");
        }

        CheckLocation(call, location);
        return location.EndsWith('/') ? location : location + "/";
    }

    /// <summary>Refuses a place that is none or that the caller may not write.</summary>
    public static void CheckLocation(AthenaCall call, string location)
    {
        if (S3Uri.Parse(location) is not { } place)
        {
            throw AthenaCall.Invalid($"outputLocation is not a valid S3 path: {location}. It has the form s3://bucket/prefix/.");
        }

        if (!call.Settings.Runner.Objects.HasBucket(place.Bucket))
        {
            throw AthenaCall.Invalid($"Unable to verify/create output bucket {place.Bucket}: there is no such bucket.");
        }

        var key = place.Key.Length == 0 || place.Key.EndsWith('/') ? place.Key + "result.csv" : place.Key + "/result.csv";
        if (call.Settings.Buckets.Decide(call.Json.Http.Caller, "s3:PutObject", place.Bucket, key) is { Allowed: false } refused)
        {
            throw AthenaCall.Invalid($"Access denied when writing output to {location}: s3:PutObject is not allowed {refused.Because}");
        }
    }

    private static string? Token(AthenaCall call) => call.Json.Text("ClientRequestToken") is not { } token ? null
        : token.Length is >= 32 and <= 128 ? token
        : throw call.Json.Broken("ClientRequestToken", $"'{token}'", "Member must have length between 32 and 128, inclusive");

    private static QueryExecution? Known(AthenaCall call, string token) => call.Store.Executions.Find(IdOf(call, token));

    // An id that follows from the token finds the first execution again, also when two requests come at once.
    private static string IdOf(AthenaCall call, string? token) => token is null
        ? Guid.NewGuid().ToString()
        : new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{call.Json.Http.Caller.PrincipalArn}\n{token}")).AsSpan(0, 16)).ToString();

    private static Task AnswerAsync(AthenaCall call, string id) => call.Json.AnswerAsync(new JsonObject { ["QueryExecutionId"] = id });
}
