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

    /// <summary>A page of a list.</summary>
    public (IReadOnlyList<T> Page, string? Token) Page<T>(IReadOnlyList<T> all, int largest) => json.Page(all, smallest: 0, largest, json.Operation, WrongToken);

    /// <summary>A token of another list.</summary>
    public static AwsException WrongToken() => Invalid("Pagination token is not valid.");

    [GeneratedRegex(@"^[a-zA-Z0-9._-]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
