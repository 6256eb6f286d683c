using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.Simulation;

namespace Hearth.Cli.Commands.Plan;

/// <summary>A trace: one submission a line, as a JSON object. Empty lines and those that begin with # are passed over.</summary>
internal static class TraceFile
{
    private const int MostSubmissions = 100_000;

    /// <summary>Reads and checks.</summary>
    /// <exception cref="CliException">It cannot be read, or a line is wrong: exit code 2 with file, line and field.</exception>
    public static IReadOnlyList<Submission> Read(string path, PlatformDeclaration platform)
    {
        var submissions = new List<Submission>();
        var number = 0;
        foreach (var text in Lines(path))
        {
            number++;
            if (text.Trim() is not { Length: > 0 } line || line[0] == '#')
            {
                continue;
            }

            submissions.AddRange(Expand(new TraceLine(path, number, Parse(path, number, line)), path, platform));
            if (submissions.Count > MostSubmissions)
            {
                throw CliException.BadInput($"{path}:{number}: more than {MostSubmissions} submissions");
            }
        }

        return submissions.Count > 0 ? submissions : throw CliException.BadInput($"{path}: there is no submission in it", "A line is for example {\"at\":\"5m\",\"name\":\"etl\",\"minutes\":20,\"executors\":8,\"executor\":{\"cpu\":\"4\",\"memory\":\"16Gi\"},\"queue\":\"root.team-a\"}.");
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"{path}: {e.Message}");
        }
    }

    private static JsonObject Parse(string path, int number, string line)
    {
        try
        {
            return JsonNode.Parse(line, null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw CliException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{path}:{number}: an object was expected"));
        }
        catch (JsonException e)
        {
            throw CliException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{path}:{number}: no JSON: {e.Message.Split(" LineNumber")[0]}"));
        }
    }

    private static IEnumerable<Submission> Expand(TraceLine line, string path, PlatformDeclaration platform)
    {
        line.CheckNames();
        var count = line.Whole("count", 1, 1, MostSubmissions);
        var every = line.Time("every", count == 1 ? TimeSpan.Zero : null);
        var first = line.Has("request") ? OfRequest(line, path, platform) : OfShape(line);
        return Enumerable.Range(0, count).Select(i => first with { Name = count == 1 ? first.Name : string.Create(CultureInfo.InvariantCulture, $"{first.Name}-{i + 1}"), Arrival = first.Arrival + (every * i) });
    }

    private static Submission OfShape(TraceLine line) => Of(
        line, line.Whole("executors", null, 0, 100_000), Pod(line, "driver"), Pod(line, "executor"));

    private static Submission OfRequest(TraceLine line, string path, PlatformDeclaration platform)
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "", line.Text("request", ""));
        var job = PlanJob.Of(LintReader.Read(JobRequestFile.Read(file), platform, null), line.Has("executors") ? line.Whole("executors", null, 0, 100_000) : null);
        return Of(line, job.Executors, job.Driver, job.Executor);
    }

    private static Submission Of(TraceLine line, int executors, Pod driver, Pod executor) => new()
    {
        Name = line.Text("name", string.Create(CultureInfo.InvariantCulture, $"line-{line.Number}")),
        Arrival = line.Time("at", null),
        Duration = TimeSpan.FromMinutes(line.Positive("minutes")),
        Executors = executors,
        Driver = driver,
        Executor = executor,
        Queue = line.Text("queue", ""),
        User = line.Text("user", "nobody"),
        Gang = line.Gang("gang"),
    };

    private static Pod Pod(TraceLine line, string role) => new()
    {
        Metadata = new ObjectMeta { Name = "pod", Namespace = "trace" },
        Spec = new PodSpec
        {
            Containers = [new Kube.Core.Container { Name = "spark", Resources = new ResourceRequirements { Requests = line.Requests(role, "1", "2Gi") } }],
            NodeSelector = line.Texts(line.Has($"{role}NodeSelector") ? $"{role}NodeSelector" : "nodeSelector"),
            Tolerations = line.Tolerations("tolerations"),
            Priority = line.Whole("priority", 0, -1_000_000_000, 1_000_000_000),
        },
    };
}
