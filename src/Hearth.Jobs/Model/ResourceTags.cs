namespace Hearth.Jobs.Model;

/// <summary>TagResource.</summary>
public sealed record TagResourceRequest
{
    /// <summary>A virtual cluster, job run or managed endpoint.</summary>
    public string? ResourceArn { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

/// <summary>UntagResource.</summary>
public sealed record UntagResourceRequest
{
    public string? ResourceArn { get; init; }
    public IReadOnlyList<string>? TagKeys { get; init; }
}
