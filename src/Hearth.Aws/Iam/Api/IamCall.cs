using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.Iam.Api;

/// <summary>One request to IAM.</summary>
internal sealed class IamCall(FormRequest form, IamSettings settings)
{
    private const string Namespace = "https://iam.amazonaws.com/doc/2010-05-08/";
    private const int LargestPage = 1000;
    private const int UsualPage = 100;

    public FormRequest Form => form;

    public IamSettings Settings => settings;

    public IIdentityStore Identities => settings.Identities;

    public CancellationToken Aborted => form.Http.Aborted;

    /// <summary>Refuses unless the caller may do this operation with a resource.</summary>
    public void Require(string resource) => settings.Authorizer.Require(form.Http, AwsProtocol.Query, $"iam:{form.Action}", resource);

    /// <summary>The role named in the request, once the caller may see it: who may not, learns nothing of its existence.</summary>
    public IamRole RequireRole()
    {
        var name = form.Required("RoleName");
        var role = Identities.FindRole(name);
        Require(role is null ? IamArns.Role(settings.AccountId, "/", name) : ArnOf(role));
        return role ?? throw NoSuch($"The role with name {name} cannot be found.");
    }

    public string ArnOf(IamRole role) => IamArns.Role(settings.AccountId, role.Spec.Path, role.Spec.RoleName);

    public string ArnOf(IamUser user) => IamArns.User(settings.AccountId, user.Spec.Path, user.Spec.UserName);

    public string ArnOf(IamPolicy policy) => IamArns.Policy(settings.AccountId, policy.Spec.Path, policy.Spec.PolicyName);

    /// <summary>A policy in the request, checked.</summary>
    public JsonObject Document(string parameter, PolicyKind kind)
    {
        var text = form.Required(parameter);
        try
        {
            _ = PolicyParser.Parse(text, kind);
            return JsonNode.Parse(text)!.AsObject();
        }
        catch (MalformedPolicyException e)
        {
            throw new AwsException(400, "MalformedPolicyDocument", e.Message);
        }
    }

    public Task AnswerAsync(Action<XmlText> result) => form.AnswerAsync(Namespace, result);

    /// <summary>Answers with a page of a list; the marker is the name of the last item before.</summary>
    public Task PageAsync<T>(string element, IEnumerable<T> items, Func<T, string> name, Action<XmlText, T> member)
    {
        var most = form.Number("MaxItems", 1, LargestPage) ?? UsualPage;
        var marker = form["Marker"];
        T[] rest = [.. items.Where(i => marker is null || string.CompareOrdinal(name(i), marker) > 0).OrderBy(name, StringComparer.Ordinal)];
        T[] page = [.. rest.Take(most)];
        return AnswerAsync(xml =>
        {
            xml.Open(element);
            foreach (var item in page)
            {
                xml.Open("member");
                member(xml, item);
                xml.Close("member");
            }

            xml.Close(element).Add("IsTruncated", page.Length < rest.Length).Add("Marker", page.Length < rest.Length ? name(page[^1]) : null);
        });
    }

    public static AwsException NoSuch(string message) => new(404, "NoSuchEntity", message);

    /// <summary>A policy as IAM sends it: JSON, percent-encoded.</summary>
    public static string Encoded(JsonObject? document) => PercentEncoding.Encode((document ?? []).ToJsonString(Plain));

    public static string Iso(DateTimeOffset? time) => (time ?? DateTimeOffset.UnixEpoch).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
