using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Hearth.Aws.Tests.Http;

namespace Hearth.Aws.Tests.S3;

/// <summary>The cases of cases/s3: requests as they go over the wire, each heading one story over a bucket <c>data</c> of its own.</summary>
public sealed partial class WireTests
{
    internal static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "cases/s3");

    public static TheoryData<string, string> Stories()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in System.IO.Directory.GetFiles(Directory, "*.txt").Order(StringComparer.Ordinal))
        {
            foreach (var (title, _) in WireCase.Read(file))
            {
                data.Add(Path.GetFileNameWithoutExtension(file), title);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_story_goes_as_it_is_told(string file, string title)
    {
        var endpoint = new Endpoint();
        await endpoint.InitializeAsync();
        try
        {
            var known = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var one in WireCase.Read(Path.Combine(Directory, file + ".txt")).Single(s => s.Title == title).Cases)
            {
                await TellAsync(endpoint, one, known);
            }
        }
        finally
        {
            await endpoint.DisposeAsync();
        }
    }

    private static async Task TellAsync(Endpoint endpoint, WireCase one, Dictionary<string, string> known)
    {
        string Filled(string text) => Name().Replace(text, m => known.GetValueOrDefault(m.Groups[1].Value, m.Value));
        var body = Filled(one.Body);
        var headers = one.Headers.Select(h => (h.Name, h.Name == "Content-MD5" && h.Value == "auto" ? Md5(body) : Filled(h.Value))).ToArray();
        var host = headers.FirstOrDefault(h => h.Name == "Host").Item2;
        var answer = await endpoint.SendAsync("s3", one.Method, Filled(one.Target), body, [.. headers.Where(h => h.Name != "Host")], host);
        var said = $"line {one.Line}: {one.Method} {one.Target} answered {answer.Status}\n{answer.Headers}\n{answer.Body}";
        var words = Words().Matches(one.Expectation).Select(m => m.Value).ToArray();
        answer.Status.ShouldBe(int.Parse(words[0], CultureInfo.InvariantCulture), said);
        foreach (var word in words.Skip(1))
        {
            Hold(Filled(word), answer.Body, answer.All, said, known);
        }
    }

    private static void Hold(string word, string body, HttpHeaders headers, string said, Dictionary<string, string> known)
    {
        var not = word.StartsWith('!');
        word = not ? word[1..] : word;
        if (word.StartsWith('['))
        {
            var header = word[1..^1].Split(": ", 2);
            var value = headers.TryGetValues(header[0], out var values) ? string.Join(", ", values) : null;
            (header.Length == 1 ? value is not null : value == header[1]).ShouldBe(!not, $"{word} in {said}");
        }
        else if (Taken().Match(word) is { Success: true } taken)
        {
            known[taken.Groups[1].Value] = Regex.Match(body, $"<{taken.Groups[2].Value}>(.*?)</", RegexOptions.Singleline).Groups[1].Value;
        }
        else if (word == "empty")
        {
            body.ShouldBeEmpty(said);
        }
        else
        {
            body.Contains(word.Trim('`'), StringComparison.Ordinal).ShouldBe(!not, $"{word} in {said}");
        }
    }

    private static string Md5(string body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(Encoding.UTF8.GetBytes(body));
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    [GeneratedRegex(@"@(\w+)")]
    private static partial Regex Name();

    [GeneratedRegex(@"^@(\w+)=<(\w+)>$")]
    private static partial Regex Taken();

    [GeneratedRegex(@"!?\[[^\]]*\]|!?`[^`]*`|\S+")]
    private static partial Regex Words();
}
