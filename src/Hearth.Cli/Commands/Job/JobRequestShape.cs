using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Hearth.Jobs.Model;
using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Job;

/// <summary>Compares a request with the members and types of its operation, as the AWS CLI does before it sends one.</summary>
internal static partial class JobRequestShape
{
    private static readonly JsonSerializerOptions Closed = new(JobsJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The first fault with its place (counted from 0), or null.</summary>
    /// <param name="text">A JSON object.</param>
    /// <param name="isTemplate">Whether it is a CreateJobTemplate request instead of a StartJobRun one.</param>
    public static (string Message, long Line, long Column)? Problem(string text, bool isTemplate = false)
    {
        try
        {
            JsonSerializer.Deserialize(text, Shape(isTemplate));
            return null;
        }
        catch (JsonException e)
        {
            var (line, column) = (e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
            return Unmapped().Match(e.Message) is { Success: true } match
                ? Unknown(text, isTemplate, e.Path, match.Groups["name"].Value, line, column)
                : ($"the value of '{Field(e.Path)}' has the wrong type", line, column);
        }
    }

    private static (string Message, long Line, long Column) Unknown(string text, bool isTemplate, string? path, string name, long line, long column)
    {
        var field = Field(path);
        var parent = field == name ? "" : field.EndsWith($".{name}", StringComparison.Ordinal) ? field[..^(name.Length + 1)] : field;
        var at = text.Split('\n')[line].IndexOf($"\"{name}\"", StringComparison.Ordinal);
        var where = parent.Length == 0 ? isTemplate ? "a CreateJobTemplate request" : "a StartJobRun request" : $"'{parent}'";
        return (Nearest.Describe($"{where} has no member '{name}'", name, Members(Shape(isTemplate), parent)), line, at >= 0 ? at : column);
    }

    /// <summary>The members that an object at a path may have; none when it may have any.</summary>
    private static IReadOnlyList<string> Members(JsonTypeInfo type, string path)
    {
        foreach (var step in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            var next = type.ElementType ?? type.Properties.FirstOrDefault(p => p.Name == step)?.PropertyType;
            if (next is null)
            {
                return [];
            }

            type = Closed.GetTypeInfo(next);
        }

        return [.. type.Properties.Select(p => p.Name)];
    }

    private static JsonTypeInfo Shape(bool isTemplate) => Closed.GetTypeInfo(isTemplate ? typeof(CreateJobTemplateRequest) : typeof(StartJobRunRequest));

    private static string Field(string? path) => path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

    [GeneratedRegex("^The JSON property '(?<name>[^']+)' could not be mapped", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unmapped();
}
