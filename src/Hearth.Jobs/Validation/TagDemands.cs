using Hearth.Jobs.Service;

namespace Hearth.Jobs.Validation;

/// <summary>Rules of tags that the model does not state.</summary>
internal static class TagDemands
{
    /// <summary>Most tags of a resource.</summary>
    public const int Most = 50;

    /// <summary>Keys that begin with <c>aws:</c> are AWS's own.</summary>
    public static void Check(IReadOnlyDictionary<string, string>? tags, string field = "tags")
    {
        if (tags?.Keys.FirstOrDefault(k => k.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)) is { } reserved)
        {
            throw new JobValidationException($"{field}: the key {reserved} is not allowed, because keys that begin with aws: are reserved.", field);
        }
    }
}
