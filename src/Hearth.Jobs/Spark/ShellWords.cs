using System.Text;

namespace Hearth.Jobs.Spark;

/// <summary>
/// Splits one line into words as a POSIX shell does: blanks separate, single quotes keep everything, double quotes keep all but
/// <c>\" \\ \$ \`</c>, a backslash outside quotes keeps the next character. Nothing is expanded.
/// </summary>
public static class ShellWords
{
    /// <summary>The words of a line.</summary>
    /// <exception cref="FormatException">A quote is not closed, or the line ends in a backslash.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        var at = 0;
        while (at < line.Length)
        {
            var c = line[at++];
            if (char.IsWhiteSpace(c))
            {
                Finish(words, ref word);
                continue;
            }

            word ??= new StringBuilder();
            at = c switch
            {
                '\'' => Single(line, at, word),
                '"' => Double(line, at, word),
                '\\' => Escaped(line, at, word),
                _ => Plain(c, at, word),
            };
        }

        Finish(words, ref word);
        return words;
    }

    private static void Finish(List<string> words, ref StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
            word = null;
        }
    }

    private static int Plain(char c, int at, StringBuilder word)
    {
        word.Append(c);
        return at;
    }

    private static int Single(string line, int at, StringBuilder word)
    {
        var end = line.IndexOf('\'', at);
        if (end < 0)
        {
            throw new FormatException($"the single quote at character {at} is not closed");
        }

        word.Append(line, at, end - at);
        return end + 1;
    }

    private static int Double(string line, int at, StringBuilder word)
    {
        var start = at;
        while (at < line.Length)
        {
            var c = line[at++];
            if (c == '"')
            {
                return at;
            }

            if (c == '\\' && at < line.Length && (line[at] is '"' or '\\' or '$' or '`'))
            {
                c = line[at++];
            }

            word.Append(c);
        }

        throw new FormatException($"the double quote at character {start} is not closed");
    }

    private static int Escaped(string line, int at, StringBuilder word)
    {
        if (at == line.Length)
        {
            throw new FormatException("the line ends in a backslash");
        }

        // A backslash at the end of a line joins it with the next.
        if (line[at] != '\n')
        {
            word.Append(line[at]);
        }

        return at + 1;
    }
}
