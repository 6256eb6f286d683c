using System.Text.Json.Nodes;
using Hearth.Aws.Http;

namespace Hearth.Aws.Athena;

/// <summary>Named queries: statements that a work group keeps.</summary>
internal static class NamedQueryOperations
{
    public static Task CreateAsync(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup");
        var token = call.Json.Text("ClientRequestToken");
        var team = call.Json.Http.Caller.Team;
        if (token is not null && call.Store.Named.All.FirstOrDefault(q => q.ClientToken == token && q.Team == team) is { } known)
        {
            return Answer(call, known.Id);
        }

        var query = new NamedQuery
        {
            Id = Guid.NewGuid().ToString(),
            Name = call.Json.Required("Name"),
            Description = call.Json.Text("Description"),
            Database = call.Json.Required("Database"),
            Sql = call.Json.Required("QueryString"),
            WorkGroup = group.Name,
            Team = team,
            ClientToken = token,
            Created = call.Now,
        };
        call.Store.Named.Add(query.Id, query);
        return Answer(call, query.Id);
    }

    public static Task GetAsync(AthenaCall call) => call.Json.AnswerAsync(new JsonObject { ["NamedQuery"] = Write(Require(call)) });

    public static Task GetManyAsync(AthenaCall call)
    {
        var (found, lost) = (new JsonArray(), new JsonArray());
        foreach (var id in call.Json.Texts("NamedQueryIds"))
        {
            if (call.Store.Named.Find(id) is { } query && call.Allows(query.WorkGroup, query.Team))
            {
                found.Add(Write(query));
            }
            else
            {
                lost.Add(new JsonObject { ["NamedQueryId"] = id, ["ErrorCode"] = "INVALID_NAMED_QUERY_ID", ["ErrorMessage"] = $"NamedQuery {id} was not found" });
            }
        }

        return call.Json.AnswerAsync(new JsonObject { ["NamedQueries"] = found, ["UnprocessedNamedQueryIds"] = lost });
    }

    public static Task ListAsync(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup");
        var (page, token) = call.Page([.. call.Store.Named.All.Where(q => q.WorkGroup == group.Name && call.Allows(group.Name, q.Team, "athena:GetNamedQuery")).OrderByDescending(q => q.Created).ThenBy(q => q.Id, StringComparer.Ordinal)], 50);
        return call.Json.AnswerPageAsync("NamedQueryIds", page.Select(q => JsonValue.Create(q.Id)), token);
    }

    public static Task UpdateAsync(AthenaCall call)
    {
        var query = Require(call);
        var (name, sql) = (call.Json.Required("Name"), call.Json.Required("QueryString"));
        call.Store.Named.Change(query.Id, q => q with { Name = name, Sql = sql, Description = call.Json.Text("Description") ?? q.Description });
        return call.Json.AnswerAsync();
    }

    public static Task DeleteAsync(AthenaCall call)
    {
        call.Store.Named.Remove(Require(call).Id);
        return call.Json.AnswerAsync();
    }

    private static Task Answer(AthenaCall call, string id) => call.Json.AnswerAsync(new JsonObject { ["NamedQueryId"] = id });

    private static NamedQuery Require(AthenaCall call)
    {
        var id = call.Json.Required("NamedQueryId");
        var found = call.Store.Named.Find(id);
        call.Authorize(found?.WorkGroup ?? WorkGroup.Primary, found is null ? call.Json.Http.Caller.Team : found.Team);
        return found ?? throw AthenaCall.Invalid($"NamedQuery {id} was not found");
    }

    private static JsonObject Write(NamedQuery query)
    {
        var written = new JsonObject { ["Name"] = query.Name, ["Database"] = query.Database, ["QueryString"] = query.Sql, ["NamedQueryId"] = query.Id, ["WorkGroup"] = query.WorkGroup };
        if (query.Description is { } description)
        {
            written["Description"] = description;
        }

        return written;
    }
}
