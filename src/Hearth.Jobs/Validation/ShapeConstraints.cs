using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hearth.Jobs.Validation;

/// <summary>Constraints of single values, in AWS's words.</summary>
internal static class ShapeConstraints
{
    public const string NotNull = "Member must not be null";

    public static string LengthAtMost(int max) => string.Create(CultureInfo.InvariantCulture, $"Member must have length less than or equal to {max}");

    public static string LengthAtLeast(int min) => string.Create(CultureInfo.InvariantCulture, $"Member must have length greater than or equal to {min}");

    /// <summary>Whether values of a shape must not appear in messages.</summary>
    public static bool IsSecret(Shape shape) => shape is TextShape { Secret: true };

    /// <summary>The constraints that a value breaks.</summary>
    public static IEnumerable<string> Broken(Shape shape, JsonNode node) => shape switch
    {
        TextShape text => Text(text, node.GetValue<string>()),
        EnumShape words => words.Words.Contains(node.GetValue<string>(), StringComparer.Ordinal) ? [] : [Words(words)],
        IntegerShape number => Number(number, node.GetValue<int>()),
        _ => [],
    };

    /// <summary>Every constraint of a shape, as messages about lists and maps enumerate them.</summary>
    public static string AllOf(Shape shape)
    {
        var all = new List<string>();
        switch (shape)
        {
            case TextShape text:
                all.AddRange(text.Max is { } max ? [LengthAtMost(max)] : []);
                all.AddRange(text.Min is { } min ? [LengthAtLeast(min)] : []);
                all.AddRange(text.Pattern is { } pattern ? [Pattern(pattern)] : []);
                break;
            case EnumShape words:
                all.Add(Words(words));
                break;
        }

        all.Add(NotNull);
        return string.Join(", ", all);
    }

    private static IEnumerable<string> Text(TextShape shape, string value)
    {
        var length = Characters(value);
        if (length > shape.Max)
        {
            // A pattern is not tried on a text of any length.
            yield return LengthAtMost(shape.Max.Value);
            yield break;
        }

        if (length < shape.Min)
        {
            yield return LengthAtLeast(shape.Min.Value);
        }

        // Where nothing at all is allowed, "not blank" is about texts that are something.
        if (shape.Pattern is { } pattern && !(length == 0 && shape.Min == 0) && !Matches(pattern, value))
        {
            yield return Pattern(pattern);
        }
    }

    private static bool Matches(ModelPattern pattern, string value)
    {
        try
        {
            return pattern.Matches(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Number(IntegerShape shape, int value)
    {
        if (value > shape.Max)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Member must have value less than or equal to {shape.Max}");
        }

        if (value < shape.Min)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Member must have value greater than or equal to {shape.Min}");
        }
    }

    // Characters outside of the basic plane are one character, though two UTF-16 units.
    private static int Characters(string text)
    {
        var count = text.Length;
        foreach (var c in text)
        {
            count -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return count;
    }

    private static string Words(EnumShape shape) => $"Member must satisfy enum value set: [{string.Join(", ", shape.Words)}]";

    private static string Pattern(ModelPattern pattern) => $"Member must satisfy regular expression pattern: {pattern.Text}";
}
