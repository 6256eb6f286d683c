using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Hosting.Embedded;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Jobs.Spark;
using Hearth.Platform;
using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Lint.Reading;

/// <summary>Reads a request, and the pod templates that it names where they are on this machine.</summary>
internal static class LintReader
{
    // An id of the right form: which virtual cluster a request goes to is known only when it is submitted.
    internal const string AnyCluster = "0000000000000000000000000";

    /// <summary>Reads one request.</summary>
    /// <exception cref="CliException">It cannot be read, is no StartJobRun request, or has a placeholder that nothing is known for: exit code 2.</exception>
    public static LintSubject Read(JobRequestFile file, PlatformDeclaration? platform, string? teamName)
    {
        var text = file.Text;
        var team = TeamOf(platform, teamName, text);
        if (file.IsTemplate)
        {
            return JobTemplateReader.Read(file, platform, team, Values(platform, team));
        }

        var filled = file.Fill(Values(platform, team));
        filled["virtualClusterId"] ??= AnyCluster;
        filled["clientToken"] ??= "lint";
        var model = filled.Deserialize(JobsJson.Default.StartJobRunRequest)!;
        return Subject(file, LintSource.OfJson(file.Path, text, filled), model, platform, team);
    }

    /// <summary>A request, and what it names.</summary>
    public static LintSubject Subject(JobRequestFile file, LintSource request, StartJobRunRequest model, PlatformDeclaration? platform, Team? team, JobException? problem = null, string? unknown = null)
    {
        var settings = JobSettings.Read(model, team?.Namespace ?? "default", platform?.AccountId ?? "000000000000");
        var files = new LocalFiles(file.Path);
        return new LintSubject
        {
            Request = request,
            Model = model,
            Platform = platform,
            Team = team,
            Settings = settings,
            Driver = Template(settings, files, SparkRole.Driver),
            Executor = Template(settings, files, SparkRole.Executor),
            Files = files,
            TemplateProblem = problem,
            Unknown = unknown,
        };
    }

    /// <summary>The requests of a folder: JSON files that have a job driver, name a job template or make one.</summary>
    public static IReadOnlyList<string> RequestsIn(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Where(IsRequest).Order(StringComparer.Ordinal)];

    private static bool IsRequest(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && (document.RootElement.TryGetProperty("jobDriver", out _) || document.RootElement.TryGetProperty("jobTemplateId", out _) || document.RootElement.TryGetProperty("jobTemplateData", out _));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Cannot be told apart: it is looked at, so that somebody says what is wrong with it.
            return e is JsonException && Path.GetFileName(file).Contains("request", StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>The named team, else the one whose bucket or role the request has, else the first.</summary>
    private static Team? TeamOf(PlatformDeclaration? platform, string? name, string text)
    {
        var teams = platform?.Teams ?? [];
        if (name is not null && platform is not null)
        {
            return teams.FirstOrDefault(t => t.Name == name) ?? throw CliException.BadInput(Nearest.Describe($"no team '{name}'", name, [.. teams.Select(t => t.Name)]));
        }

        return teams.FirstOrDefault(t => text.Contains($"s3://{t.Bucket}/", StringComparison.Ordinal)) ?? teams.FirstOrDefault();
    }

    private static Dictionary<string, string> Values(PlatformDeclaration? platform, Team? team) => new(StringComparer.Ordinal)
    {
        ["VIRTUAL_CLUSTER_ID"] = AnyCluster,
        ["ROLE_ARN"] = platform is not null && team is not null ? TeamClusters.RoleArn(platform, team) : "arn:aws:iam::000000000000:role/team",
        ["S3_BUCKET"] = $"s3://{team?.Bucket ?? "team-bucket"}",
        ["LOG_GROUP"] = team?.LogGroup ?? "/team",
        ["JOB_TEMPLATE_ID"] = AnyCluster,
        ["REGION"] = platform?.Region ?? "us-west-2",
    };

    private static TemplateFile? Template(JobSettings settings, LocalFiles files, SparkRole role)
    {
        var word = role == SparkRole.Driver ? "driver" : "executor";
        if (settings.User.Get($"spark.kubernetes.{word}.podTemplateFile") is not { } uri)
        {
            return null;
        }

        var found = uri.StartsWith("s3://", StringComparison.Ordinal) ? files.Find(uri) : null;
        return new TemplateFile(role, uri, found is null ? null : LintSource.OfYaml(found, File.ReadAllText(found)));
    }
}
