using System.Text.Json.Nodes;

namespace Hearth.Cli.Commands.Job;

/// <summary>What somebody asks for on the command line instead of in a request file.</summary>
internal sealed record JobWish
{
    /// <summary>Name of the run, and of the folder in the bucket.</summary>
    public required string Name { get; init; }

    /// <summary>The program: <c>s3://…</c> or <c>local:///…</c>.</summary>
    public required string EntryPoint { get; init; }

    /// <summary>Whether it is a SQL file.</summary>
    public bool IsSql { get; init; }

    public required string ReleaseLabel { get; init; }

    /// <summary>ARN of the role; <c>${ROLE_ARN}</c> for the team's.</summary>
    public string Role { get; init; } = "${ROLE_ARN}";
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary><c>KEY=VALUE</c> each.</summary>
    public IReadOnlyList<string> Conf { get; init; } = [];

    /// <summary>URIs of modules.</summary>
    public IReadOnlyList<string> PyFiles { get; init; } = [];
    public int? Executors { get; init; }
    public string? ExecutorMemory { get; init; }

    /// <summary>Whether logs also go to the team's log group.</summary>
    public bool HasLogGroup { get; init; }
}

/// <summary>Makes a StartJobRun request of a wish. Pure; the request has the placeholders of request files.</summary>
internal static class JobRequestBuilder
{
    public static JsonObject Build(JobWish wish) => new()
    {
        ["name"] = wish.Name,
        ["virtualClusterId"] = "${VIRTUAL_CLUSTER_ID}",
        ["executionRoleArn"] = wish.Role,
        ["releaseLabel"] = wish.ReleaseLabel,
        ["jobDriver"] = Driver(wish),
        ["configurationOverrides"] = new JsonObject { ["monitoringConfiguration"] = Monitoring(wish) },
    };

    /// <summary>A word as a shell reads it back: quoted when it has to be.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./:,@%+*".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static JsonObject Driver(JobWish wish)
    {
        var parameters = string.Join(' ', Parameters(wish).Select(Quote));
        var driver = new JsonObject { ["entryPoint"] = wish.EntryPoint };
        if (wish.Arguments.Count > 0)
        {
            driver["entryPointArguments"] = new JsonArray([.. wish.Arguments.Select(a => (JsonNode)a)]);
        }

        if (parameters.Length > 0)
        {
            driver[wish.IsSql ? "sparkSqlParameters" : "sparkSubmitParameters"] = parameters;
        }

        return new JsonObject { [wish.IsSql ? "sparkSqlJobDriver" : "sparkSubmitJobDriver"] = driver };
    }

    private static IEnumerable<string> Parameters(JobWish wish)
    {
        (string Key, string? Value)[] settings =
        [
            ("spark.executor.instances", wish.Executors?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("spark.executor.memory", wish.ExecutorMemory),
        ];
        var pairs = settings.Where(s => s.Value is not null).Select(s => $"{s.Key}={s.Value}").Concat(wish.Conf);
        var words = pairs.SelectMany(p => (string[])["--conf", p]);
        return wish.PyFiles.Count == 0 ? words : words.Concat(["--py-files", string.Join(',', wish.PyFiles)]);
    }

    private static JsonObject Monitoring(JobWish wish)
    {
        var monitoring = new JsonObject
        {
            ["persistentAppUI"] = "ENABLED",
            ["s3MonitoringConfiguration"] = new JsonObject { ["logUri"] = "${S3_BUCKET}/logs/" },
        };
        if (wish.HasLogGroup)
        {
            monitoring["cloudWatchMonitoringConfiguration"] = new JsonObject { ["logGroupName"] = "${LOG_GROUP}", ["logStreamNamePrefix"] = wish.Name };
        }

        return monitoring;
    }
}
