using Hearth.Platform.Schema;
using Hearth.Platform.Text;

namespace Hearth.Platform.Validation;

/// <summary>Rules that several parts need.</summary>
internal static class Rules
{
    /// <summary>
    /// Notes every second use of a name. <paramref name="unless"/> are fields of the item that the name may be derived from: when one of them is at
    /// fault, this would only repeat it.
    /// </summary>
    public static void Unique<T>(
        IReadOnlyList<T> items, string path, Faults faults, Func<T, string> name, string field = "name", string? what = null, params string[] unless)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var value = name(items[i]);
            var item = FieldPath.Item(path, i);
            if (value.Length > 0 && !seen.TryAdd(value, i) && !Array.Exists(unless, f => faults.Has($"{item}.{f}")))
            {
                faults.Add($"{item}.{field}", $"{what ?? field} '{value}' is already used by {FieldPath.Item(path, seen[value])}");
            }
        }
    }

    /// <summary>Notes a name that is not one of those declared.</summary>
    public static void Declared(string value, IReadOnlyList<string> declared, string path, Faults faults, string what)
    {
        if (value.Length > 0 && !declared.Contains(value, StringComparer.Ordinal))
        {
            var message = Nearest.Describe($"{what} '{value}' is not declared", value, declared);
            faults.Add(path, declared.Count == 0 ? $"{message}; there is none" : message);
        }
    }

    public static void AllDeclared(IReadOnlyList<string> values, IReadOnlyList<string> declared, string path, Faults faults, string what)
    {
        for (var i = 0; i < values.Count; i++)
        {
            Declared(values[i], declared, FieldPath.Item(path, i), faults, what);
        }
    }
}
