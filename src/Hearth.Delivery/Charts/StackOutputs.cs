namespace Hearth.Delivery.Charts;

/// <summary>What only AWS knows: outputs of the deployed stacks. Before anything is deployed each is a placeholder <c>${Name}</c>, which stays visible in what is rendered.</summary>
public sealed class StackOutputs
{
    private readonly IReadOnlyDictionary<string, string> _known;

    private StackOutputs(IReadOnlyDictionary<string, string> known) => _known = known;

    /// <summary>Nothing is deployed yet.</summary>
    public static StackOutputs None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Outputs by name.</summary>
    public static StackOutputs Of(IReadOnlyDictionary<string, string> known) => new(known);

    /// <summary>An output's value, or its placeholder.</summary>
    public string this[string name] => _known.GetValueOrDefault(name) ?? $"${{{name}}}";
}
