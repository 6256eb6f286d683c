namespace Hearth.Kube.Selectors;

/// <summary>One comparison of a field: <c>status.phase!=Failed</c>.</summary>
public sealed record FieldRequirement(string Field, bool Equal, string Value);

/// <summary>A conjunction of field comparisons. An empty value matches an absent field.</summary>
public sealed record FieldSelector(IReadOnlyList<FieldRequirement> Requirements)
{
    /// <summary>Matches every object.</summary>
    public static FieldSelector Everything { get; } = new([]);

    /// <summary>Parses <c>a=b,c!=d,e==f</c>.</summary>
    /// <exception cref="FormatException">Not a field selector.</exception>
    public static FieldSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var requirements = new List<FieldRequirement>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw new FormatException($"invalid selector: '{part}'; can't understand '{part}'");
            }

            var equal = part[at - 1] != '!';
            var field = part[..(equal ? at : at - 1)].Trim();
            var value = part[(at + 1)..];
            requirements.Add(new(field, equal, value.StartsWith('=') ? value[1..] : value));
        }

        return new(requirements);
    }

    /// <summary>Whether an object satisfies the selector; <paramref name="field"/> answers a field's text, or null when it is absent.</summary>
    public bool Matches(Func<string, string?> field)
    {
        foreach (var requirement in Requirements)
        {
            if (string.Equals(field(requirement.Field) ?? "", requirement.Value, StringComparison.Ordinal) != requirement.Equal)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The value a field must equal, or null when the selector does not pin it.</summary>
    public string? Pinned(string field) =>
        Requirements.FirstOrDefault(r => r.Equal && string.Equals(r.Field, field, StringComparison.Ordinal))?.Value;

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Requirements.Select(r => $"{r.Field}{(r.Equal ? "=" : "!=")}{r.Value}"));
}
