using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.S3.Api;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Athena;

/// <summary>What the operations of Athena share.</summary>
internal sealed record AthenaSettings(QueryRunner Runner, CatalogAccess Catalogs, IBucketPolicy Buckets, TimeProvider Time);

/// <summary>One request to Athena.</summary>
internal sealed partial class AthenaCall(JsonCall json, AthenaSettings settings)
{
    public JsonCall Json => json;

    public AthenaSettings Settings => settings;

    public AthenaStore Store => settings.Runner.Store;

    /// <summary>Action of IAM that the operation is.</summary>
    public string Action => $"athena:{json.Operation}";

    public DateTimeOffset Now => settings.Time.GetUtcNow();

    public static AwsException Invalid(string message) => new(400, "InvalidRequestException", message);

    /// <summary>The work group of a member, primary when nothing is said, once the caller may do the operation with it.</summary>
    public WorkGroup RequireWorkGroup(string member, bool mayBeAbsent = true)
    {
        var name = mayBeAbsent ? json.Text(member) ?? WorkGroup.Primary : json.Required(member);
        var group = Store.WorkGroups.Find(name);
        Authorize(name, group is null ? null : TeamOf(group));
        return group ?? throw Invalid($"WorkGroup {name} is not found.");
    }

    /// <summary>Refuses unless the caller may do the operation with a work group and what a team has in it.</summary>
    public void Authorize(string workGroup, string? team, string? action = null) => settings.Catalogs.Authorizer.Require(
        json.Http, AwsProtocol.JsonRpc, action ?? Action, ArnOf(workGroup), RequestContext.Empty.With(Authorizer.TeamKey, team));

    /// <summary>Whether the caller may do something with a work group and what a team has in it.</summary>
    public bool Allows(string workGroup, string? team, string? action = null) =>
        settings.Catalogs.Authorizer.Allows(json.Http, action ?? Action, ArnOf(workGroup), RequestContext.Empty.With(Authorizer.TeamKey, team));

    /// <summary>Everybody shares the primary work group, each team for its own; another belongs to the team of whoever made it.</summary>
    public string? TeamOf(WorkGroup group) => group.Name is WorkGroup.Primary ? json.Http.Caller.Team : group.Team;

    /// <summary>ARN of a work group.</summary>
    public string ArnOf(string workGroup) => $"arn:aws:athena:{settings.Catalogs.Region}:{settings.Catalogs.AccountId}:workgroup/{workGroup}";

    /// <summary>The catalog that a member names, or the caller's own.</summary>
    public IDataCatalog CatalogOf(string? name) => settings.Catalogs.Of(json.Http.Caller, name, Invalid);

    /// <summary>A name of a work group or of a prepared statement.</summary>
    public string Name(string member, int longest) =>
        json.Required(member) is var name && name.Length <= longest && Names().IsMatch(name)
            ? name
            : throw json.Broken(member, $"'{json.Text(member)}'", $"Member must satisfy regular expression pattern: [a-zA-Z0-9._-]{{1,{longest}}}");

    /// <summary>A page of a list; the token is the number of items before it.</summary>
    public (IReadOnlyList<T> Page, string? Token) Page<T>(IReadOnlyList<T> all, int largest)
    {
        var most = json.Number("MaxResults", 0, largest) is { } n and > 0 ? n : largest;
        var start = json.Text("NextToken") is { } token ? (int)ReadToken(token, json.Operation) : 0;
        return ([.. all.Skip(start).Take(most)], start + most < all.Count ? Token(start + most, json.Operation) : null);
    }

    /// <summary>Answers with a page of a list.</summary>
    public Task AnswerAsync(string name, JsonArray items, string? token)
    {
        var answer = new JsonObject { [name] = items };
        if (token is not null)
        {
            answer["NextToken"] = token;
        }

        return json.AnswerAsync(answer);
    }

    /// <summary>A token that goes on at a place of one list.</summary>
    public static string Token(long place, string of) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{place} {of}")));

    /// <summary>The place of a token.</summary>
    public static long ReadToken(string token, string of)
    {
        var buffer = new byte[token.Length];
        var parts = Convert.TryFromBase64String(token, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(' ', 2) : [];
        return parts.Length == 2 && parts[1] == of && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place <= int.MaxValue * 1024L
            ? place
            : throw Invalid("Pagination token is not valid.");
    }

    [GeneratedRegex(@"^[a-zA-Z0-9._-]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
