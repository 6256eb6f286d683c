using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Job;

/// <summary>
/// A StartJobRun request (or a CreateJobTemplate one) in a file, as <c>aws emr-containers start-job-run --cli-input-json</c> takes it, with placeholders such as
/// <c>${S3_BUCKET}</c> in its texts. Faults are named with file, line and column before anything is sent.
/// </summary>
internal sealed partial class JobRequestFile
{
    private const string AwsPrefix = "file://";
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private readonly string _text;

    private JobRequestFile(string path, string text) => (Path, _text) = (path, text);

    /// <summary>As given.</summary>
    public string Path { get; }

    /// <summary>What is in it.</summary>
    public string Text => _text;

    /// <summary>Whether it makes a job template instead of starting a job.</summary>
    public bool IsTemplate { get; private set; }

    /// <summary>Names of the placeholders in it.</summary>
    public IReadOnlySet<string> Placeholders => Placeholder().Matches(_text).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>A request that was made here.</summary>
    public static JobRequestFile OfText(string name, string text) => new(name, text);

    /// <summary>Reads and checks a file that starts a job.</summary>
    /// <exception cref="CliException">As <see cref="Read"/>, and when it makes a job template instead.</exception>
    public static JobRequestFile ReadRun(string path) => Read(path) is { IsTemplate: false } file
        ? file
        : throw CliException.BadInput(
            $"{path} makes a job template, it starts no job",
            "Make the template with `aws emr-containers create-job-template --cli-input-json file://FILE`, then start jobs by its id (jobTemplateId); samples/job-template does both.");

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="CliException">It cannot be read, is no JSON, or has members that StartJobRun does not know: exit code 2.</exception>
    public static JobRequestFile Read(string path)
    {
        path = path.StartsWith(AwsPrefix, StringComparison.Ordinal) ? path[AwsPrefix.Length..] : path;
        try
        {
            var file = new JobRequestFile(path, File.ReadAllText(path));
            file.Check();
            return file;
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw CliException.BadInput($"{path} is a folder", $"Name the request in it: {string.Join(", ", LintReader.RequestsIn(path).DefaultIfEmpty("a StartJobRun request, a file of JSON"))}.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CliException.BadInput($"there is no file {path}", "Give a StartJobRun request: `aws emr-containers start-job-run --generate-cli-skeleton` prints its shape, samples/*/job-request.json are examples.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"cannot read {path}: {e.Message}");
        }
    }

    /// <summary>The request with the values in the place of their placeholders.</summary>
    /// <exception cref="CliException">A placeholder has no value: exit code 2.</exception>
    public JsonObject Fill(IReadOnlyDictionary<string, string> values)
    {
        foreach (Match match in Placeholder().Matches(_text))
        {
            var name = match.Groups["name"].Value;
            if (!values.ContainsKey(name))
            {
                throw Fault(match.Index, Nearest.Describe($"unknown placeholder ${{{name}}}", name, [.. values.Keys]));
            }
        }

        return Filled(JsonNode.Parse(_text)!, values)!.AsObject();
    }

    /// <summary>The request with the values that are known; other placeholders stay, they are parameters of a template.</summary>
    public JsonObject FillKnown(IReadOnlyDictionary<string, string> values) =>
        Filled(JsonNode.Parse(_text)!, Placeholders.ToDictionary(p => p, p => values.GetValueOrDefault(p, $"${{{p}}}"), StringComparer.Ordinal))!.AsObject();

    private static JsonNode? Filled(JsonNode? node, IReadOnlyDictionary<string, string> values) => node switch
    {
        JsonObject map => new JsonObject(map.Select(m => KeyValuePair.Create(m.Key, Filled(m.Value, values)))),
        JsonArray list => new JsonArray([.. list.Select(i => Filled(i, values))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Placeholder().Replace(value.GetValue<string>(), m => values[m.Groups["name"].Value]),
        _ => node?.DeepClone(),
    };

    private void Check()
    {
        try
        {
            using var document = JsonDocument.Parse(_text, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Fault(0, "a request is a JSON object");
            }

            IsTemplate = document.RootElement.TryGetProperty("jobTemplateData", out _);
        }
        catch (JsonException e)
        {
            throw At(e.LineNumber, e.BytePositionInLine, Reason(e));
        }

        if (JobRequestShape.Problem(_text, IsTemplate) is { } problem)
        {
            throw At(problem.Line, problem.Column, problem.Message);
        }
    }

    private CliException Fault(int index, string message)
    {
        var before = _text.AsSpan(0, index);
        return At(before.Count('\n'), Encoding.UTF8.GetByteCount(before[(before.LastIndexOf('\n') + 1)..]), message);
    }

    /// <summary>Line and column count from 0 here and from 1 in the message.</summary>
    private CliException At(long? line, long? column, string message) =>
        CliException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{Path}:{(line ?? 0) + 1}:{(column ?? 0) + 1}: {message}"));

    private static string Reason(JsonException e)
    {
        var cut = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var text = cut < 0 ? e.Message : e.Message[..cut];
        cut = text.IndexOf(" Path:", StringComparison.Ordinal);
        return "not valid JSON: " + (cut < 0 ? text : text[..cut]);
    }

    // Only names in capitals: Spark has substitutions of its own, such as ${spark.app.id}.
    [GeneratedRegex(@"\$\{(?<name>[A-Z][A-Z0-9_]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
