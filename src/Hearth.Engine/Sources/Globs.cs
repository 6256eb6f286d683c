using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.Engine.Sources;

/// <summary>Hadoop's path patterns: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>{a,b}</c>.</summary>
internal static class Globs
{
    /// <summary>Existing paths that match, sorted.</summary>
    public static IEnumerable<string> Expand(string pattern)
    {
        IEnumerable<string> found = Braces(pattern).SelectMany(p => Walk("/", p.Split('/', StringSplitOptions.RemoveEmptyEntries)));
        return found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    /// <summary>The directories of a path before its first pattern; the path itself when it has none.</summary>
    public static string FixedPart(string path)
    {
        int pattern = path.AsSpan().IndexOfAny("*?[{");
        return pattern < 0 ? path : path[..Math.Max(1, path.LastIndexOf('/', pattern))];
    }

    private static IEnumerable<string> Walk(string directory, ReadOnlyMemory<string> parts)
    {
        if (parts.Length == 0)
        {
            return [directory];
        }

        string part = parts.Span[0];
        if (!part.AsSpan().ContainsAny('*', '?', '['))
        {
            string path = Path.Combine(directory, part);
            return File.Exists(path) || Directory.Exists(path) ? Walk(path, parts[1..]) : [];
        }

        if (!Directory.Exists(directory))
        {
            return [];
        }

        Regex regex = new(ToRegex(part), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return Directory.EnumerateFileSystemEntries(directory)
            .Where(entry => regex.IsMatch(Path.GetFileName(entry)) && Path.GetFileName(entry)[0] is not ('.' or '_'))
            .SelectMany(entry => Walk(entry, parts[1..]));
    }

    /// <summary>The regular expression of a name pattern; choices in braces are alternatives.</summary>
    public static string ToRegex(string part)
    {
        StringBuilder regex = new("^");
        bool inClass = false;
        int braces = 0;
        foreach (char c in part)
        {
            inClass = c == '[' || (inClass && c != ']');
            braces += inClass ? 0 : c == '{' ? 1 : c == '}' ? -1 : 0;
            regex.Append(c switch
            {
                '{' when !inClass => "(?:",
                '}' when !inClass => ")",
                ',' when !inClass && braces > 0 => "|",
                '*' when !inClass => "[^/]*",
                '?' when !inClass => "[^/]",
                '[' or ']' => c.ToString(),
                '!' when inClass => "^",
                '-' when inClass => "-",
                _ => Regex.Escape(c.ToString()),
            });
        }

        return regex.Append('$').ToString();
    }

    private static IEnumerable<string> Braces(string pattern)
    {
        int open = pattern.IndexOf('{', StringComparison.Ordinal);
        int close = open < 0 ? -1 : pattern.IndexOf('}', open);
        return close < 0
            ? [pattern]
            : pattern[(open + 1)..close].Split(',').SelectMany(choice => Braces(pattern[..open] + choice + pattern[(close + 1)..]));
    }
}
