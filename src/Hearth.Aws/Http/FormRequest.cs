using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.Http;

/// <summary>A request of the query protocols: a form, or a query string; lists are <c>Name.member.1</c> (EC2: <c>Name.1</c>).</summary>
internal sealed class FormRequest
{
    private readonly QueryParameters parameters;

    private FormRequest(AwsRequest http, QueryParameters parameters) => (Http, this.parameters) = (http, parameters);

    /// <summary>The HTTP request.</summary>
    public AwsRequest Http { get; }

    /// <summary>For example <c>AssumeRole</c>.</summary>
    public string Action => parameters["Action"] ?? "";

    /// <summary>A parameter that is there and not empty, or null.</summary>
    public string? this[string name] => parameters[name] is { Length: > 0 } value ? value : null;

    /// <summary>Reads the form.</summary>
    /// <exception cref="AwsException">It is not UTF-8 text.</exception>
    public static FormRequest Of(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return new FormRequest(request, request.Query);
        }

        return Utf8.IsValid(body.Span) && QueryParameters.ParseReadable(Encoding.UTF8.GetString(body.Span)) is { IsUtf8: true } form
            ? new FormRequest(request, form)
            : throw new AwsException(400, "MalformedQueryString", "The form holds bytes that are not UTF-8 text.");
    }

    /// <summary>A parameter that must be there.</summary>
    public string Required(string name) => this[name]
        ?? throw new AwsException(400, "ValidationError", $"1 validation error detected: Value null at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy constraint: Member must not be null");

    /// <summary>A whole number within bounds, or null.</summary>
    public int? Number(string name, int least, int most)
    {
        if (this[name] is not { } text)
        {
            return null;
        }

        var member = char.ToLowerInvariant(name[0]) + name[1..];
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            throw new AwsException(400, "MalformedInput", $"'{text}' at '{member}' is not a whole number.");
        }

        var broken = value < least ? $"greater than or equal to {least}" : value > most ? $"less than or equal to {most}" : null;
        return broken is null
            ? value
            : throw new AwsException(400, "ValidationError", string.Create(CultureInfo.InvariantCulture, $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value {broken}"));
    }

    /// <summary>The members of a list, by their numbers: <c>Name.member.N</c>, <c>Name.N</c>.</summary>
    public IReadOnlyList<string> List(string name) =>
        [.. parameters.Select(p => (Index: Index(p.Key, name), p.Value)).Where(p => p.Index is not null).OrderBy(p => p.Index).Select(p => p.Value)];

    /// <summary>EC2's filters: <c>Filter.1.Name=x&amp;Filter.1.Value.1=y</c>.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Filters()
    {
        var result = new List<(string, IReadOnlyList<string>)>();
        for (var i = 1; parameters[$"Filter.{i}.Name"] is { } name; i++)
        {
            result.Add((name, List($"Filter.{i}.Value")));
        }

        return result;
    }

    /// <summary>Whether any parameter has a name, or one below it.</summary>
    public bool Has(string name) => parameters.Any(p => string.Equals(p.Key, name, StringComparison.Ordinal) || p.Key.StartsWith(name + ".", StringComparison.Ordinal));

    /// <summary>Answers with <c>ActionResponse</c> around <c>ActionResult</c>.</summary>
    public Task AnswerAsync(string xmlns, Action<XmlText> result)
    {
        var xml = new XmlText().Open($"{Action}Response", xmlns).Open($"{Action}Result");
        result(xml);
        return WriteAsync(xml.Close($"{Action}Result").Open("ResponseMetadata").Add("RequestId", Http.RequestId).Close("ResponseMetadata").Close($"{Action}Response"));
    }

    /// <summary>Answers in EC2's dialect.</summary>
    public Task Ec2AnswerAsync(Action<XmlText> result)
    {
        var xml = new XmlText().Open($"{Action}Response", "http://ec2.amazonaws.com/doc/2016-11-15/").Add("requestId", Http.RequestId);
        result(xml);
        return WriteAsync(xml.Close($"{Action}Response"));
    }

    private Task WriteAsync(XmlText xml)
    {
        var bytes = Encoding.UTF8.GetBytes(xml.ToString());
        Http.Http.Response.ContentType = "text/xml";
        Http.Http.Response.ContentLength = bytes.Length;
        return Http.Http.Response.Body.WriteAsync(bytes, Http.Aborted).AsTask();
    }

    private static int? Index(string key, string name)
    {
        if (!key.StartsWith(name + ".", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = key[(name.Length + 1)..];
        rest = rest.StartsWith("member.", StringComparison.Ordinal) ? rest["member.".Length..] : rest;
        return int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
