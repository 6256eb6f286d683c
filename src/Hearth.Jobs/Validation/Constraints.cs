using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.Jobs.Service;

namespace Hearth.Jobs.Validation;

/// <summary>
/// Checks members of a request against the constraints of the service model and collects what is wrong in AWS's words:
/// <c>1 validation error detected: Value 'x' at 'name' failed to satisfy constraint: Member must …</c>.
/// </summary>
internal sealed class Constraints
{
    private readonly List<(string Field, string Text)> _failures = [];

    /// <summary>Throws when something was wrong.</summary>
    /// <exception cref="JobValidationException">All failures in one message.</exception>
    public void Check()
    {
        if (_failures.Count == 0)
        {
            return;
        }

        var head = _failures.Count == 1 ? "1 validation error detected" : string.Create(CultureInfo.InvariantCulture, $"{_failures.Count} validation errors detected");
        throw new JobValidationException($"{head}: {string.Join("; ", _failures.Select(f => f.Text))}", [.. _failures.Select(f => f.Field)]);
    }

    /// <summary>The member is there.</summary>
    public bool Required(string field, object? value)
    {
        if (value is not null)
        {
            return true;
        }

        Fail(field, "Value null", "Member must not be null");
        return false;
    }

    /// <summary>A text within bounds and, when given, of a pattern. Absent is fine.</summary>
    public void Text(string field, string? value, TextRule rule)
    {
        if (value is null)
        {
            return;
        }

        var shown = rule.Sensitive ? "Value" : $"Value '{value}'";
        if (value.Length > rule.Max)
        {
            Fail(field, shown, string.Create(CultureInfo.InvariantCulture, $"Member must have length less than or equal to {rule.Max}"));
        }

        if (value.Length < rule.Min)
        {
            Fail(field, shown, string.Create(CultureInfo.InvariantCulture, $"Member must have length greater than or equal to {rule.Min}"));
        }

        if (!rule.Pattern.IsMatch(value))
        {
            Fail(field, shown, $"Member must satisfy regular expression pattern: {rule.PatternText}");
        }
    }

    /// <summary>A word of a set. Absent is fine.</summary>
    public void Word(string field, string? value, params ReadOnlySpan<string> words)
    {
        if (value is not null && !words.Contains(value))
        {
            Fail(field, $"Value '{value}'", $"Member must satisfy enum value set: [{string.Join(", ", words.ToArray())}]");
        }
    }

    /// <summary>A list or map of at most so many entries.</summary>
    public void Count(string field, int? count, int max)
    {
        if (count > max)
        {
            Fail(field, "Value", string.Create(CultureInfo.InvariantCulture, $"Member must have length less than or equal to {max}"));
        }
    }

    /// <summary>A number within bounds. Absent is fine.</summary>
    public void Number(string field, int? value, int min, int max)
    {
        if (value < min)
        {
            Fail(field, string.Create(CultureInfo.InvariantCulture, $"Value '{value}'"), string.Create(CultureInfo.InvariantCulture, $"Member must have value greater than or equal to {min}"));
        }

        if (value > max)
        {
            Fail(field, string.Create(CultureInfo.InvariantCulture, $"Value '{value}'"), string.Create(CultureInfo.InvariantCulture, $"Member must have value less than or equal to {max}"));
        }
    }

    private void Fail(string field, string value, string constraint) =>
        _failures.Add((field, $"{value} at '{field}' failed to satisfy constraint: {constraint}"));
}

/// <summary>Bounds and pattern of a text.</summary>
/// <param name="Min">Fewest characters.</param>
/// <param name="Max">Most characters.</param>
/// <param name="PatternText">The pattern as the service model writes it; the whole text must match.</param>
/// <param name="Sensitive">The value must not appear in messages.</param>
internal sealed record TextRule(int Min, int Max, string PatternText, bool Sensitive = false)
{
    /// <summary>The pattern anchored at both ends.</summary>
    public Regex Pattern { get; } = new($"^(?:{PatternText})$", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
