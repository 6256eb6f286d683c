using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hearth.Deploy.Iam;

/// <summary>
/// Sizes of policies as IAM counts them: characters of the document without white space. Known before anything is deployed, so that a declaration that
/// grants too much fails at once and not in the middle of a stack. Pure. Source of the limits: IAM user guide, "IAM and AWS STS quotas"; none can be raised
/// but the trust policy's (to 4,096).
/// </summary>
internal static partial class PolicySize
{
    /// <summary>All inline policies of a role together.</summary>
    public const int Inline = 10_240;

    /// <summary>One managed policy.</summary>
    public const int Managed = 6_144;

    /// <summary>Who may assume a role.</summary>
    public const int Trust = 2_048;

    /// <summary>What a value that is only known at deployment may come to: the longest are ARNs of endpoints.</summary>
    private static readonly string Unknown = new('x', 120);

    /// <summary>The document's size with these statements.</summary>
    public static int Of(IEnumerable<Allow> statements) => Of(Node(Policies.Document(statements)).ToJsonString());

    /// <summary>The size of a document's text, which may hold CDK tokens.</summary>
    public static int Of(string document) => Token().Replace(document, Unknown).Length;

    private static JsonNode Node(object value) => value switch
    {
        IReadOnlyDictionary<string, object> map => new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Node(p.Value)))),
        string text => text,
        IEnumerable<string> texts => new JsonArray([.. texts.Select(t => (JsonNode)t)]),
        IEnumerable<object> list => new JsonArray([.. list.Select(Node)]),
        _ => throw new InvalidOperationException($"a policy holds no {value.GetType().Name}"),
    };

    [GeneratedRegex(@"\$\{Token\[[^\]]*\]\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Token();
}
