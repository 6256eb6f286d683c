using System.Text.RegularExpressions;
using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>One request to the Glue Data Catalog.</summary>
internal sealed partial class GlueCall
{
    private const int LongestName = 255;
    private readonly CatalogAccess access;

    public GlueCall(JsonCall json, CatalogAccess access, TimeProvider time)
    {
        (Json, this.access, Time) = (json, access, time);
        Catalog = access.Of(json.Http.Caller, json.Text("CatalogId"), Invalid);
    }

    public JsonCall Json { get; }

    public TimeProvider Time { get; }

    /// <summary>The catalog that is meant.</summary>
    public IDataCatalog Catalog { get; }

    /// <summary>What answers say as CatalogId: the account, unless the request named another.</summary>
    public string CatalogId => Json.Text("CatalogId") ?? access.AccountId;

    /// <summary>Action of IAM that the operation is.</summary>
    public string Action => $"glue:{Json.Operation}";

    public static AwsException Invalid(string message) => new(400, "InvalidInputException", message);

    public static AwsException Exists(string message) => new(400, "AlreadyExistsException", message);

    public static AwsException NotFound(string message) => new(400, "EntityNotFoundException", message);

    /// <summary>A name of a database or table: Glue folds it to lower case.</summary>
    public string Name(JsonMembers owner, string member)
    {
        var name = owner.Required(member);
        return name.Length <= LongestName && Names().IsMatch(name)
            ? name.ToLowerInvariant()
            : throw owner.Broken(member, $"'{name}'", $"Member must have length less than or equal to {LongestName} and satisfy the single-line string pattern");
    }

    /// <summary>Refuses unless the caller may do the operation with a database; null for the catalog alone.</summary>
    public void Authorize(string? database, string? table = null, string? action = null)
    {
        action ??= Action;
        access.Require(Json.Http, action, Catalog, access.CatalogArn);
        if (database is not null)
        {
            access.Require(Json.Http, action, Catalog, access.DatabaseArn(database));
        }

        if (table is not null)
        {
            access.Require(Json.Http, action, Catalog, access.TableArn(database!, table));
        }
    }

    /// <summary>Whether a listing shows a database, or a table of it.</summary>
    public bool Shows(string database, string? table = null) => access.Refusal(
        Json.Http.Caller, Action, Catalog, table is null ? [access.DatabaseArn(database)] : [access.TableArn(database, table)]) is null;

    /// <summary>The database that a member names, once the caller may do the operation with it.</summary>
    public CatalogDatabase RequireDatabase(string member)
    {
        var name = Name(Json, member);
        Authorize(name);
        return Catalog.FindDatabase(name) ?? throw NotFound($"Database {name} not found.");
    }

    /// <summary>The table of DatabaseName and a member, once the caller may do the operation with it.</summary>
    public CatalogTable RequireTable(string member)
    {
        var (database, table) = (Name(Json, "DatabaseName"), Name(Json, member));
        Authorize(database, table);
        _ = Catalog.FindDatabase(database) ?? throw NotFound($"Database {database} not found.");
        return Catalog.FindTable(database, table) ?? throw NotFound($"Table {table} not found.");
    }

    /// <summary>A page of a list.</summary>
    public (IReadOnlyList<T> Page, string? Token) Page<T>(IReadOnlyList<T> all, int largest) => Json.Page(all, smallest: 1, largest, Bound, () => Invalid("The next token is not one of this request."));

    private string Bound => string.Join('/', Json.Operation, Catalog.Name, Json.Text("DatabaseName"), Json.Text("TableName"), Json.Text("Expression"));

    [GeneratedRegex(@"^[^\p{Cc}/]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
