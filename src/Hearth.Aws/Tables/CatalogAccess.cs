using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Tables;

/// <summary>
/// Which catalog a request means, and what its caller may do there. An account of AWS has one catalog; here every team has its own, in its bucket
/// (ADR 16). A caller of a team means its team's. The administrator names one by <c>CatalogId</c> or the data catalog's name, or means the only one that has tables.
/// </summary>
public sealed class CatalogAccess(IDataCatalogs catalogs, Authorizer authorizer, string region, string accountId)
{
    /// <summary>Athena's name of the account's catalog.</summary>
    public const string Default = "AwsDataCatalog";

    /// <summary>The account: the id of its catalog.</summary>
    public string AccountId => accountId;

    /// <summary>Region of ARNs.</summary>
    public string Region => region;

    /// <summary>The decisions.</summary>
    public Authorizer Authorizer => authorizer;

    /// <summary>The catalogs that a caller may name: its team's, or all for the administrator and for roles of no team.</summary>
    public IReadOnlyList<IDataCatalog> VisibleTo(AwsCredential caller) =>
        [.. catalogs.All.Where(c => caller.Team is null || string.Equals(c.Team, caller.Team, StringComparison.Ordinal))];

    /// <summary>The catalog that a request means.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">The account, <c>AwsDataCatalog</c>, a team, or ACCOUNT:TEAM; null for the caller's own.</param>
    /// <param name="unclear">Makes the error: the text says which catalogs there are.</param>
    public IDataCatalog Of(AwsCredential caller, string? name, Func<string, Exception> unclear)
    {
        var visible = VisibleTo(caller);
        var asked = name is null || name.Equals(Default, StringComparison.OrdinalIgnoreCase) || name == accountId ? null : name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (asked is not null)
        {
            return visible.FirstOrDefault(c => c.Name.Equals(asked, StringComparison.OrdinalIgnoreCase))
                ?? throw unclear($"There is no catalog {name}. Yours: {Names(visible)}.");
        }

        if (visible.Count == 1)
        {
            return visible[0];
        }

        IDataCatalog[] used = [.. visible.Where(c => c.IsUsed)];
        return used.Length == 1
            ? used[0]
            : throw unclear($"{(used.Length == 0 ? "No team has tables yet" : $"{used.Length} teams have tables")}: name the catalog of one ({Names(visible)}) as the catalog id of Glue or as the data catalog of Athena, or call as a team (AWS_PROFILE).");
    }

    /// <summary>ARN of the account's catalog.</summary>
    public string CatalogArn => $"arn:aws:glue:{region}:{accountId}:catalog";

    /// <summary>ARN of a database.</summary>
    public string DatabaseArn(string database) => $"arn:aws:glue:{region}:{accountId}:database/{database}";

    /// <summary>ARN of a table.</summary>
    public string TableArn(string database, string table) => $"arn:aws:glue:{region}:{accountId}:table/{database}/{table}";

    /// <summary>Why a caller may not do something with all of these resources; null when it may. Glue asks for the rights on a table and on what it lies in.</summary>
    public string? Refusal(AwsCredential caller, string action, IDataCatalog catalog, params ReadOnlySpan<string> resources)
    {
        var context = RequestContext.Empty.With(Authorizer.TeamKey, catalog.Team);
        foreach (var resource in resources)
        {
            if (authorizer.Access.Decide(caller, action, resource, context) is { Allowed: false } refused)
            {
                return refused.Sentence(caller.PrincipalArn, action, resource);
            }
        }

        return null;
    }

    /// <summary>Refuses unless the caller of a request may do something with all of these resources.</summary>
    /// <exception cref="AwsException">AccessDeniedException.</exception>
    public void Require(AwsRequest request, string action, IDataCatalog catalog, params ReadOnlySpan<string> resources)
    {
        var context = RequestContext.Empty.With(Authorizer.TeamKey, catalog.Team);
        foreach (var resource in resources)
        {
            authorizer.Require(request, AwsProtocol.JsonRpc, action, resource, context);
        }
    }

    private static string Names(IReadOnlyList<IDataCatalog> visible) => visible.Count == 0 ? "none" : string.Join(", ", visible.Select(c => c.Name));
}
