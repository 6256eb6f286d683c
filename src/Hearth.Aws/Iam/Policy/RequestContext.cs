using System.Collections.Immutable;

namespace Hearth.Aws.Iam.Policy;

/// <summary>The keys that conditions and policy variables see, by name in any case of letters.</summary>
public sealed class RequestContext
{
    private readonly ImmutableDictionary<string, IReadOnlyList<string>> values;

    private RequestContext(ImmutableDictionary<string, IReadOnlyList<string>> values) => this.values = values;

    /// <summary>No keys.</summary>
    public static RequestContext Empty { get; } = new(ImmutableDictionary.Create<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase));

    /// <summary>The values of a key, or null.</summary>
    public IReadOnlyList<string>? Find(string key) => values.GetValueOrDefault(key);

    /// <summary>With one more key; a null value leaves the context as it is.</summary>
    public RequestContext With(string key, string? value) => value is null ? this : new RequestContext(values.SetItem(key, [value]));

    /// <summary>With a key of several values.</summary>
    public RequestContext With(string key, IReadOnlyList<string> all) => new(values.SetItem(key, all));

    /// <summary>With all keys of another one, which win.</summary>
    public RequestContext With(RequestContext other) => new(values.SetItems(other.values));
}
