using System.Globalization;
using System.Text.Json;
using Hearth.Aws.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>The policy of a form upload: until when, and what its fields may be (Amazon S3 API Reference, "POST policy").</summary>
internal sealed class PostPolicy
{
    private static readonly string[] Unchecked = ["x-amz-signature", "signature", "AWSAccessKeyId", "file", "policy"];
    private readonly List<(string Operator, string Field, string Value)> conditions = [];

    private PostPolicy()
    {
    }

    /// <summary>When it ends.</summary>
    public DateTimeOffset Expiration { get; private set; }

    /// <summary>Fewest and most bytes of the file.</summary>
    public (long Least, long Most) Length { get; private set; } = (0, BodyReceiver.LargestPut);

    /// <summary>Reads a policy.</summary>
    /// <param name="json">The document.</param>
    /// <exception cref="AwsException">400 InvalidPolicyDocument.</exception>
    public static PostPolicy Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var policy = new PostPolicy();
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("expiration", out var expiration))
            {
                throw Invalid("Policy missing expiration.");
            }
            policy.Expiration = expiration.ValueKind == JsonValueKind.String && expiration.TryGetDateTimeOffset(out var time)
                ? time
                : throw Invalid("Invalid 'expiration' value.");
            if (!root.TryGetProperty("conditions", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                throw Invalid("Policy missing conditions.");
            }
            foreach (var condition in list.EnumerateArray())
            {
                policy.Add(condition);
            }
            return policy.conditions.Count > 0 ? policy : throw Invalid("Policy conditions are empty.");
        }
        catch (JsonException)
        {
            throw Invalid("Invalid JSON.");
        }
    }

    /// <summary>Checks the fields of a form; those that nothing is said of are refused.</summary>
    public void Check(PostForm form, string bucket, DateTimeOffset now)
    {
        if (now >= Expiration)
        {
            throw Denied("Policy expired.");
        }
        foreach (var (kind, field, value) in conditions)
        {
            var given = string.Equals(field, "bucket", StringComparison.OrdinalIgnoreCase) ? bucket : form[field] ?? "";
            var holds = kind is "starts-with" ? given.StartsWith(value, StringComparison.Ordinal) : string.Equals(given, value, StringComparison.Ordinal);
            if (!holds)
            {
                throw Denied($"Policy Condition failed: [\"{kind}\", \"${field}\", \"{value}\"]");
            }
        }
        var extra = form.Fields.Keys.FirstOrDefault(name => !Array.Exists(Unchecked, u => string.Equals(u, name, StringComparison.OrdinalIgnoreCase))
            && !name.StartsWith("x-ignore-", StringComparison.OrdinalIgnoreCase)
            && !conditions.Exists(c => string.Equals(c.Field, name, StringComparison.OrdinalIgnoreCase)));
        if (extra is not null)
        {
            throw Denied($"Extra input fields: {extra}");
        }
    }

    /// <summary>Checks the length of the file.</summary>
    public void CheckLength(long length)
    {
        if (length > Length.Most)
        {
            throw new AwsException(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        }
        if (length < Length.Least)
        {
            throw new AwsException(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
        }
    }

    private void Add(JsonElement condition)
    {
        if (condition.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in condition.EnumerateObject())
            {
                conditions.Add(("eq", property.Name, Text(property.Value)));
            }
            return;
        }
        if (condition.ValueKind != JsonValueKind.Array || condition.GetArrayLength() != 3)
        {
            throw Invalid("Invalid Condition: neither an object nor a list of three.");
        }
        var kind = Text(condition[0]).ToLowerInvariant();
        switch (kind)
        {
            case "content-length-range":
                Length = (Number(condition[1]), Math.Min(Number(condition[2]), BodyReceiver.LargestPut));
                // Alone it limits no field, but it is a condition.
                conditions.Add(("starts-with", "x-ignore-length", ""));
                break;
            case "eq" or "starts-with" when Text(condition[1]) is ['$', .. var field]:
                conditions.Add((kind, field, Text(condition[2])));
                break;
            default:
                throw Invalid($"Invalid Condition '{Text(condition[0])}'.");
        }
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Invalid("Invalid Condition: a text is expected.");

    private static long Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var number) && number >= 0 => number,
        JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Invalid("Invalid content-length-range: two whole numbers are expected."),
    };

    private static AwsException Invalid(string why) => new(400, "InvalidPolicyDocument", "Invalid Policy: " + why);

    private static AwsException Denied(string why) => new(403, "AccessDenied", "Invalid according to Policy: " + why);
}
