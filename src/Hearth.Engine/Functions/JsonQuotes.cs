using System.Text;

namespace Hearth.Engine.Functions;

/// <summary>JSON with names and texts in single quotes, which Spark's parser takes (<c>allowSingleQuotes</c>, on by default), as JSON.</summary>
internal static class JsonQuotes
{
    /// <summary>The text with double quotes; \' is an apostrophe in either kind. What is no JSON stays none.</summary>
    public static string Double(string json)
    {
        StringBuilder text = new(json.Length + 8);
        char quote = '\0';
        for (int i = 0; i < json.Length; i++)
        {
            char c = json[i];
            if (quote == '\0')
            {
                quote = c is '\'' or '"' ? c : quote;
                _ = text.Append(c == '\'' ? '"' : c);
            }
            else if (c == '\\' && i + 1 < json.Length)
            {
                i++;
                _ = json[i] == '\'' ? text.Append('\'') : text.Append('\\').Append(json[i]);
            }
            else if (c == quote)
            {
                quote = '\0';
                _ = text.Append('"');
            }
            else
            {
                _ = c == '"' ? text.Append("\\\"") : text.Append(c);
            }
        }

        return text.ToString();
    }
}
