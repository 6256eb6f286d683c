namespace Hearth.Aws.S3.Storage;

/// <summary>An object as it is now.</summary>
public sealed record ObjectInfo
{
    public required string Bucket { get; init; }
    public required string Key { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>
    /// When it was written, rounded up to whole milliseconds: a copy of a file never looks older than the file it was made from.
    /// </summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>ETag, content type and the rest.</summary>
    public required ObjectMetadata Metadata { get; init; }

    /// <summary>Without quotes.</summary>
    public string ETag => Metadata.ETag;
}

/// <summary>A bucket.</summary>
/// <param name="Name">3 to 63 characters.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Team">The team that created it; null for the administrator or when it was made outside S3.</param>
public sealed record BucketInfo(string Name, DateTimeOffset Created, string? Team)
{
    /// <summary>Tags of the bucket.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ObjectMetadata.NoEntries;
}

/// <summary>What a listing asks for.</summary>
public sealed record ListQuery
{
    public string Prefix { get; init; } = "";

    /// <summary>Keys are rolled up at the first occurrence behind the prefix; null for none.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Only what comes behind this key.</summary>
    public string? After { get; init; }

    /// <summary>Whether <see cref="After"/> is a common prefix whose keys were given already.</summary>
    public bool AfterIsPrefix { get; init; }

    /// <summary>Most keys and common prefixes to give, 0 to 1000.</summary>
    public int MaxKeys { get; init; } = 1000;
}

/// <summary>One page of a listing.</summary>
/// <param name="Objects">In key order.</param>
/// <param name="CommonPrefixes">In order.</param>
/// <param name="IsTruncated">Whether there is more.</param>
/// <param name="Last">The last key or common prefix given; null when the page is empty.</param>
/// <param name="LastIsPrefix">Whether that is a common prefix.</param>
public sealed record ListPage(
    IReadOnlyList<ObjectInfo> Objects, IReadOnlyList<string> CommonPrefixes, bool IsTruncated, string? Last, bool LastIsPrefix);

/// <summary>A condition on writing or deleting.</summary>
public sealed record WriteCondition
{
    /// <summary>No condition.</summary>
    public static WriteCondition None { get; } = new();

    /// <summary>Whether the object must not exist yet (<c>If-None-Match: *</c>).</summary>
    public bool IfAbsent { get; init; }

    /// <summary>ETag that the object must have (<c>If-Match</c>); <c>*</c> for any.</summary>
    public string? IfMatch { get; init; }
}

/// <summary>Why a write did not happen.</summary>
public enum WriteRefusal
{
    /// <summary>The condition does not hold.</summary>
    ConditionFailed,

    /// <summary><c>If-Match</c> on an object that does not exist.</summary>
    NoSuchKey,

    /// <summary>The bucket does not exist.</summary>
    NoSuchBucket,
}

/// <summary>A write that did not happen.</summary>
public sealed class ObjectWriteException(WriteRefusal refusal, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public WriteRefusal Refusal { get; } = refusal;
}
