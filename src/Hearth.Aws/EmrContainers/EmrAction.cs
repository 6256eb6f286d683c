namespace Hearth.Aws.EmrContainers;

/// <summary>
/// What a caller wants to do to which resource, with everything that a policy may ask about. Source: Service Authorization Reference of
/// Amazon EMR on EKS.
/// </summary>
/// <param name="Operation">Name of the operation, for example <c>StartJobRun</c>.</param>
/// <param name="Resource">ARN of the resource; <c>*</c> for operations on no resource.</param>
internal sealed record EmrAction(string Operation, string Resource)
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The action in the words of IAM.</summary>
    public string Name => $"emr-containers:{Operation}";

    /// <summary>Namespace of the virtual cluster that is concerned; null when there is none.</summary>
    public string? Namespace { get; init; }

    /// <summary>Who made the resource; null when it is unknown or has yet to be made.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Condition key <c>aws:ResourceTag</c>: tags of the resource as it is.</summary>
    public IReadOnlyDictionary<string, string> ResourceTags { get; init; } = None;

    /// <summary>Condition keys <c>aws:RequestTag</c> and <c>aws:TagKeys</c>: tags that the request gives.</summary>
    public IReadOnlyDictionary<string, string> RequestTags { get; init; } = None;

    /// <summary>Condition key <c>emr-containers:ExecutionRoleArn</c>.</summary>
    public string? ExecutionRoleArn { get; init; }

    /// <summary>Condition key <c>emr-containers:JobTemplateArn</c>.</summary>
    public string? JobTemplateArn { get; init; }

    /// <summary>The condition keys that have a value, in the words of IAM.</summary>
    public IEnumerable<KeyValuePair<string, string>> Conditions()
    {
        foreach (var (key, value) in ResourceTags)
        {
            yield return new($"aws:ResourceTag/{key}", value);
        }

        foreach (var (key, value) in RequestTags)
        {
            yield return new($"aws:RequestTag/{key}", value);
            yield return new("aws:TagKeys", key);
        }

        if (ExecutionRoleArn is not null)
        {
            yield return new("emr-containers:ExecutionRoleArn", ExecutionRoleArn);
        }

        if (JobTemplateArn is not null)
        {
            yield return new("emr-containers:JobTemplateArn", JobTemplateArn);
        }
    }
}
