namespace Hearth.Deploy.Iam;

/// <summary>Policy documents as CloudFormation takes them.</summary>
internal static class Policies
{
    private const string Version = "2012-10-17";

    public static Dictionary<string, object> Document(IEnumerable<Allow> statements) => Document([.. statements.Select(s => s.ToDocument())]);

    public static Dictionary<string, object> Document(params Dictionary<string, object>[] statements) => new(StringComparer.Ordinal)
    {
        ["Version"] = Version,
        ["Statement"] = statements.Cast<object>().ToArray(),
    };

    /// <summary>A statement of a resource policy.</summary>
    public static Dictionary<string, object> Resource(
        string sid, string effect, object principal, object action, object resource, params PolicyCondition[] conditions)
    {
        var statement = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Sid"] = sid, ["Effect"] = effect, ["Principal"] = principal, ["Action"] = action, ["Resource"] = resource,
        };
        if (conditions.Length > 0)
        {
            statement["Condition"] = PolicyCondition.ToDocument(conditions);
        }

        return statement;
    }

    public static Dictionary<string, object> ServicePrincipal(string service) => new(StringComparer.Ordinal) { ["Service"] = service };
}
