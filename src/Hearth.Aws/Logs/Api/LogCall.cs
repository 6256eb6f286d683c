using System.Text;
using System.Text.RegularExpressions;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Logs.Storage;

namespace Hearth.Aws.Logs.Api;

/// <summary>One request to CloudWatch Logs.</summary>
internal sealed partial class LogCall(JsonCall json, LogSettings settings)
{
    private const int LongestName = 512;

    public JsonCall Json => json;

    public LogSettings Settings => settings;

    public LogStorage Storage => settings.Storage;

    /// <summary>ARN of a group, without the star that the API puts behind it in places.</summary>
    public string ArnOf(string group) => LogAccess.ArnOf(settings.Region, settings.AccountId, group);

    /// <summary>The group that the request names by name, identifier or ARN, once the caller may use it.</summary>
    /// <exception cref="AwsException">Not authorised; a name that is none; no such group.</exception>
    public LogGroupInfo RequireGroup()
    {
        var name = GroupName();
        Authorize(name, null);
        return Storage.FindGroup(name) ?? throw NoSuch("The specified log group does not exist.");
    }

    /// <summary>Name of the group in the request.</summary>
    public string GroupName()
    {
        var given = json.Text("logGroupName") ?? json.Text("logGroupIdentifier") ?? json.Text("resourceArn") ?? json.Required("logGroupName");
        var name = given.StartsWith("arn:", StringComparison.Ordinal) ? FromArn(given) : given;
        return name.Length <= LongestName && GroupNames().IsMatch(name)
            ? name
            : throw JsonCall.Invalid("logGroupName", $"'{name}'", @"Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+");
    }

    /// <summary>Name of the stream in the request.</summary>
    public string StreamName()
    {
        var name = json.Required("logStreamName");
        return name.Length <= LongestName && !name.Contains(':', StringComparison.Ordinal) && !name.Contains('*', StringComparison.Ordinal)
            ? name
            : throw JsonCall.Invalid("logStreamName", $"'{name}'", "Member must satisfy regular expression pattern: [^:*]*");
    }

    /// <summary>Refuses unless the caller may do this operation with a group or one of its streams.</summary>
    public void Authorize(string group, string? stream)
    {
        var access = new LogAccess(settings.Authorizer.Access, settings.Region, settings.AccountId);
        if (access.Refusal(json.Http.Caller, $"logs:{json.Operation}", group, stream) is { } sentence)
        {
            throw Authorizer.Refusal(AwsProtocol.JsonRpc, sentence);
        }
    }

    /// <summary>Cuts a page out of a list ordered by a text; the token is the last item's.</summary>
    public (IReadOnlyList<T> Page, string? Token) Page<T>(IEnumerable<T> ordered, Func<T, string> mark, int usual, int largest)
    {
        var most = json.Number("limit", 1, largest) ?? usual;
        var token = json.Text("nextToken");
        T[] rest = [.. token is null ? ordered : ordered.SkipWhile(i => !string.Equals(Token(mark(i)), token, StringComparison.Ordinal)).Skip(1)];
        return rest.Length > most ? (rest[..most], Token(mark(rest[most - 1]))) : (rest, null);
    }

    public static AwsException NoSuch(string message) => new(400, "ResourceNotFoundException", message);

    private string FromArn(string arn)
    {
        var prefix = ArnOf("");
        return arn.StartsWith(prefix, StringComparison.Ordinal) ? arn[prefix.Length..].Split(':')[0] : throw NoSuch("The specified log group does not exist.");
    }

    private static string Token(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"^[\.\-_/#A-Za-z0-9]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex GroupNames();
}
