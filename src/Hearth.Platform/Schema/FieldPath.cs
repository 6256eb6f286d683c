using System.Globalization;

namespace Hearth.Platform.Schema;

/// <summary>Paths as people write them: <c>spec.teams[1].labels["example.com/x"]</c>.</summary>
internal static class FieldPath
{
    public static string Child(string parent, string name)
    {
        var plain = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        var step = plain ? name : $"[\"{name}\"]";
        return parent.Length == 0 || !plain ? parent + step : $"{parent}.{step}";
    }

    public static string Item(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");

    /// <summary>The path one step up; empty at the top.</summary>
    public static string Parent(string path)
    {
        var quoted = path.EndsWith("\"]", StringComparison.Ordinal);
        var at = quoted ? path.LastIndexOf("[\"", StringComparison.Ordinal) : path.LastIndexOfAny(['.', '[']);
        return at <= 0 ? string.Empty : path[..at];
    }
}
