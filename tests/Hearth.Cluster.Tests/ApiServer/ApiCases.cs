using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hearth.Cluster.ApiServer.Crds;

namespace Hearth.Cluster.Tests.ApiServer;

/// <summary>
/// Requests and what must come back. <c>METHOD path</c>, header lines, a blank line and a body (both may be missing), then <c>-> code</c> and expectations:
/// <c>.json.path = text</c>, <c>.json.path =></c> with a name to remember it by (<c>${name}</c> later), <c>~ pattern</c>, <c>- text that must not be there</c>,
/// <c>@ Header: text</c>. <c>As: user</c> sets the bearer token (<c>admin</c> without it, <c>As: -</c> for none). <c># ...</c> is a comment.
/// </summary>
internal sealed record ApiCase(int Line, string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, string Body, int Code, IReadOnlyList<string> Expect)
{
    private static readonly string[] Methods = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "OPTIONS "];

    public static IEnumerable<ApiCase> Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var i = 0;
        while (i < lines.Length)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
            {
                i++;
                continue;
            }

            yield return One(file, lines, ref i);
        }
    }

    private static ApiCase One(string file, string[] lines, ref int i)
    {
        var number = i + 1;
        if (!Methods.Any(m => lines[number - 1].StartsWith(m, StringComparison.Ordinal)))
        {
            throw new FormatException($"{file}:{number}: not a request: {lines[number - 1]}");
        }

        var request = lines[i++].Split(' ', 2);
        var headers = new List<(string, string)>();
        while (lines[i].Length > 0 && !lines[i].StartsWith("-> ", StringComparison.Ordinal) && Regex.IsMatch(lines[i], "^[A-Za-z-]+: ", RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            var at = lines[i].IndexOf(':');
            headers.Add((lines[i][..at], lines[i++][(at + 1)..].Trim()));
        }

        var body = new StringBuilder();
        while (!lines[i].StartsWith("-> ", StringComparison.Ordinal))
        {
            body.Append(lines[i++]).Append('\n');
        }

        var code = int.Parse(lines[i++][3..]);
        var expect = new List<string>();
        while (i < lines.Length && lines[i].Length > 0)
        {
            expect.Add(lines[i++]);
        }

        return new ApiCase(number, request[0], request[1], headers, body.ToString().Trim(), code, expect);
    }

    /// <summary>What is wrong with an answer, or null. Remembers what later cases want to know.</summary>
    public string? Judge(int code, string body, Func<string, string?> header, Dictionary<string, string> known)
    {
        var faults = new List<string>();
        if (code != Code)
        {
            faults.Add($"code {code} instead of {Code}");
        }

        foreach (var line in Expect)
        {
            if (line[0] != '#' && Check(Fill(line, known), body, header, known) is { } fault)
            {
                faults.Add(fault);
            }
        }

        return faults.Count == 0 ? null : $"line {Line}: {Method} {Path}\n  {string.Join("\n  ", faults)}\n  body: {body}";
    }

    public static string Fill(string text, Dictionary<string, string> known) => known.Aggregate(text, (t, k) => t.Replace("${" + k.Key + "}", k.Value, StringComparison.Ordinal));

    private static string? Check(string line, string body, Func<string, string?> header, Dictionary<string, string> known)
    {
        var rest = line.Length > 2 ? line[2..] : "";
        switch (line[0])
        {
            case '~':
                return Regex.IsMatch(body, rest, RegexOptions.Multiline, TimeSpan.FromSeconds(1)) ? null : $"no match: {rest}";
            case '-':
                return body.Contains(rest, StringComparison.Ordinal) ? $"must not be there: {rest}" : null;
            case '@':
                var colon = rest.IndexOf(':');
                var found = header(rest[..colon]);
                return found == rest[(colon + 1)..].Trim() ? null : $"header {rest[..colon]} is {found}";
            default:
                return CheckPath(line, body, known);
        }
    }

    private static string? CheckPath(string line, string body, Dictionary<string, string> known)
    {
        using var document = JsonDocument.Parse(body.Length == 0 ? "null" : body);
        var remember = line.IndexOf(" => ", StringComparison.Ordinal);
        var at = remember >= 0 ? remember : line.IndexOf(" = ", StringComparison.Ordinal);
        if (at < 0)
        {
            return $"not an expectation: {line}";
        }

        var value = JsonPathQuery.Parse(line[..at]).Text(document.RootElement) ?? "<absent>";
        if (remember >= 0)
        {
            known[line[(at + 4)..]] = value;
            return null;
        }

        return value == line[(at + 3)..] ? null : $"{line[..at]} is {value}";
    }
}
