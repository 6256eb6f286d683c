using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Aws.Tests.S3;

/// <summary>
/// One request of a case file and what must come back:
/// <c>PUT /data/k [If-None-Match: *] {body} -> 412 PreconditionFailed [ETag: "x"]</c>. Behind the arrow stand the status, texts that the
/// answer's body must hold, in brackets headers that it must have, and with a leading <c>!</c> what it must not.
/// <c>{n*x}</c> is a body of n times x; <c>[Content-MD5: auto]</c> is computed; <c>@name</c> in target or body is a value that an earlier
/// <c>@name=&lt;Element></c> took out of an answer. Two backslashes and n are a line feed.
/// </summary>
internal sealed partial record WireCase(int Line, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string Body, string Expectation)
{
    /// <summary>The cases of a file by the heading above them.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<WireCase> Cases)> Read(string path)
    {
        var sections = new List<(string Title, IReadOnlyList<WireCase> Cases)>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                sections.Add((line[2..], new List<WireCase>()));
            }
            else if (line.Trim().Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            {
                ((List<WireCase>)sections[^1].Cases).Add(Parse(line, number));
            }
        }
        return sections;
    }

    private static WireCase Parse(string line, int number)
    {
        var arrow = line.LastIndexOf(" -> ", StringComparison.Ordinal);
        var match = arrow < 0 ? Match.Empty : Request().Match(line[..arrow]);
        if (!match.Success)
        {
            throw new FormatException($"line {number} is no case: {line}");
        }
        return new WireCase(
            number, match.Groups["method"].Value, match.Groups["target"].Value,
            [.. match.Groups["header"].Captures.Select(c => c.Value.Split(": ", 2)).Select(p => (p[0], p.Length > 1 ? Unescape(p[1]) : ""))],
            Repeated(Unescape(match.Groups["body"].Value)), line[(arrow + 4)..]);
    }

    private static string Repeated(string body) => Times().Match(body) is { Success: true } match
        ? string.Concat(Enumerable.Repeat(match.Groups["what"].Value, int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture)))
        : body;

    private static string Unescape(string text) => text.Replace("\\n", "\n", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<target>\S+)(?: \[(?<header>[^\]]+)\])*(?: \{(?<body>.*)\})?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Request();

    [GeneratedRegex(@"^(?<count>\d+)\*(?<what>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Times();
}
