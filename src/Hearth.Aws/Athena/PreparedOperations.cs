using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hearth.Aws.Glue;
using Hearth.Aws.Http;

namespace Hearth.Aws.Athena;

/// <summary>Prepared statements, and EXECUTE, which runs one.</summary>
internal static partial class PreparedOperations
{
    private const int LongestName = 256;

    /// <summary>Key of a statement in the store.</summary>
    public static string Key(string workGroup, string name) => $"{workGroup}/{name}";

    public static Task CreateAsync(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup", mayBeAbsent: false);
        var statement = new PreparedStatement
        {
            Name = call.Name("StatementName", LongestName),
            WorkGroup = group.Name,
            Sql = call.Json.Required("QueryStatement"),
            Description = call.Json.Text("Description"),
            Team = call.Json.Http.Caller.Team,
            Modified = call.Now,
        };
        return call.Store.Prepared.Add(Key(group.Name, statement.Name), statement)
            ? call.Json.AnswerAsync()
            : throw AthenaCall.Invalid($"PreparedStatement {statement.Name} already exists in WorkGroup {group.Name}");
    }

    public static Task GetAsync(AthenaCall call)
    {
        var statement = Require(call);
        var written = new JsonObject { ["StatementName"] = statement.Name, ["QueryStatement"] = statement.Sql, ["WorkGroupName"] = statement.WorkGroup, ["LastModifiedTime"] = GlueTable.Seconds(statement.Modified) };
        if (statement.Description is { } description)
        {
            written["Description"] = description;
        }

        return call.Json.AnswerAsync(new JsonObject { ["PreparedStatement"] = written });
    }

    public static Task ListAsync(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup", mayBeAbsent: false);
        var (page, token) = call.Page([.. call.Store.Prepared.All.Where(s => s.WorkGroup == group.Name && call.Allows(group.Name, s.Team, "athena:GetPreparedStatement")).OrderBy(s => s.Name, StringComparer.Ordinal)], 50);
        return call.Json.AnswerPageAsync("PreparedStatements", page.Select(s => new JsonObject { ["StatementName"] = s.Name, ["LastModifiedTime"] = GlueTable.Seconds(s.Modified) }), token);
    }

    public static Task UpdateAsync(AthenaCall call)
    {
        var statement = Require(call);
        var sql = call.Json.Required("QueryStatement");
        call.Store.Prepared.Change(Key(statement.WorkGroup, statement.Name), s => s with { Sql = sql, Description = call.Json.Text("Description") ?? s.Description, Modified = call.Now });
        return call.Json.AnswerAsync();
    }

    public static Task DeleteAsync(AthenaCall call)
    {
        var statement = Require(call);
        call.Store.Prepared.Remove(Key(statement.WorkGroup, statement.Name));
        return call.Json.AnswerAsync();
    }

    /// <summary>The statement that runs and the values of its question marks: EXECUTE name USING a, b stands for a prepared one.</summary>
    public static (string Sql, IReadOnlyList<string> Parameters) Resolve(AthenaCall call, string sql, WorkGroup group, IReadOnlyList<string> parameters)
    {
        if (Execute().Match(sql) is not { Success: true } match)
        {
            return (sql, parameters);
        }

        var name = match.Groups["name"].Value.Trim('"', '`');
        var found = call.Store.Prepared.Find(Key(group.Name, name));
        if (found is null || !call.Allows(group.Name, found.Team, "athena:GetPreparedStatement"))
        {
            throw AthenaCall.Invalid($"PreparedStatement {name} was not found in WorkGroup {group.Name}");
        }

        return (found.Sql, match.Groups["values"] is { Success: true } values ? Split(values.Value) : parameters);
    }

    private static PreparedStatement Require(AthenaCall call)
    {
        var group = call.RequireWorkGroup("WorkGroup", mayBeAbsent: false);
        var name = call.Json.Required("StatementName");
        var found = call.Store.Prepared.Find(Key(group.Name, name));
        return found is not null && call.Allows(group.Name, found.Team)
            ? found
            : throw new AwsException(400, "ResourceNotFoundException", $"PreparedStatement {name} was not found in WorkGroup {group.Name}");
    }

    // Values are literals: commas count outside of quotes and brackets.
    private static List<string> Split(string values)
    {
        var (found, start, depth, quote) = (new List<string>(), 0, 0, '\0');
        for (var i = 0; i < values.Length; i++)
        {
            var letter = values[i];
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (letter is '(' or '[' or ')' or ']')
            {
                depth += letter is '(' or '[' ? 1 : -1;
            }
            else if (letter is ',' && depth == 0)
            {
                found.Add(values[start..i].Trim());
                start = i + 1;
            }
        }

        found.Add(values[start..].Trim());
        return found;
    }

    [GeneratedRegex(@"^\s*EXECUTE\s+(?<name>[\w.""`-]+)(?:\s+USING\s+(?<values>.+?))?\s*;?\s*$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Execute();
}
