using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.Jobs.Validation;

/// <summary>
/// A pattern of the service model. It is Java's dialect: <c>\d</c>, <c>\w</c> and <c>\s</c> are ASCII, a line end is a character like others,
/// and the whole text must match.
/// </summary>
internal sealed class ModelPattern(string text)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Regex _regex = new($@"\A(?:{Translate(text)})\z", RegexOptions.Singleline | RegexOptions.CultureInvariant, Patience);

    /// <summary>As the model writes it.</summary>
    public string Text => text;

    /// <summary>Whether a whole text matches.</summary>
    public bool Matches(string value) => _regex.IsMatch(value);

    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                result.Append(Escape(pattern[++i], inClass));
                continue;
            }

            inClass = c switch { '[' => true, ']' => false, _ => inClass };
            result.Append(c);
        }

        return result.ToString();
    }

    private static string Escape(char escaped, bool inClass) => (escaped, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('w', false) => "[0-9A-Za-z_]",
        ('w', true) => "0-9A-Za-z_",
        ('s', false) => @"[ \t\n\v\f\r]",
        ('S', false) => @"[^ \t\n\v\f\r]",
        _ => "\\" + escaped,
    };
}
