using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Emr;

/// <summary>What the place adds to every submission.</summary>
public sealed record SubmissionOptions
{
    /// <summary>Account used when an execution role names none.</summary>
    public required string AccountId { get; init; }

    /// <summary>Settings between EMR's defaults and the job's own, for example <c>spark.hearth.s3.root</c>.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Settings of the jobs of a namespace, after <see cref="Defaults"/>: for example where its tables are.</summary>
    public Func<string, IReadOnlyDictionary<string, string>>? DefaultsOf { get; init; }

    /// <summary>Spark version of releases that are not known.</summary>
    public string SparkVersion { get; init; } = Releases.DefaultSpark;
}

/// <summary>
/// A job run read as EMR reads it: settings by precedence (EMR's defaults, the platform's, applicationConfiguration, sparkSubmitParameters, what the service
/// alone decides), program and arguments.
/// </summary>
public sealed record Submission
{
    private const string PythonRunner = "org.apache.spark.deploy.PythonRunner";
    private const string SqlDriver = "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver";

    public required SparkApplication Application { get; init; }
    public required string MainClass { get; init; }
    public required string Resource { get; init; }
    public required IReadOnlyList<string> Arguments { get; init; }
    public required string DriverPodName { get; init; }
    public required string ClientServiceAccount { get; init; }
    public required string DriverServiceAccount { get; init; }

    /// <summary>How long the driver may take to start.</summary>
    public required TimeSpan StartTimeout { get; init; }

    /// <summary>What has no effect, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where <c>--properties-file</c> is, or null.</summary>
    public string? PropertiesUri { get; init; }

    /// <summary>Where the driver's pod template is, or null.</summary>
    public string? DriverTemplateUri => Application.Conf.Get("spark.kubernetes.driver.podTemplateFile");

    /// <summary>Where the executors' pod template is, or null.</summary>
    public string? ExecutorTemplateUri => Application.Conf.Get("spark.kubernetes.executor.podTemplateFile");

    /// <summary>What <c>spark-defaults.conf</c> holds: EMR's defaults, the platform's, the run's classifications.</summary>
    /// <exception cref="SubmissionException">A classification is unknown, or a value is wrong.</exception>
    public static SparkConf Defaults(JobRun run, SubmissionOptions options) => EmrDefaults.Base(run.Spec.ReleaseLabel ?? "")
        .With(options.Defaults)
        .With(options.DefaultsOf?.Invoke(run.Metadata.Namespace!) ?? new Dictionary<string, string>(StringComparer.Ordinal))
        .With(Classifications.Read(run.Spec.ConfigurationOverrides?.ApplicationConfiguration).Conf.Values);

    /// <summary>Reads a job run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="attempt">1 for the first.</param>
    /// <param name="options">What the place adds.</param>
    /// <param name="defaults">What <c>spark-defaults.conf</c> holds; null for <see cref="Defaults"/>.</param>
    /// <exception cref="SubmissionException">It cannot be submitted as written.</exception>
    public static Submission Read(JobRun run, int attempt, SubmissionOptions options, SparkConf? defaults = null)
    {
        try
        {
            return Plan(run, attempt, options, defaults ?? Defaults(run, options));
        }
        catch (SubmitParametersException e)
        {
            var member = run.Spec.JobDriver?.SparkSqlJobDriver is null ? "sparkSubmitParameters" : "sparkSqlParameters";
            throw SubmissionException.Failed(FailureReason.ValidationError, $"{member}: {e.Message}");
        }
        catch (SparkConfException e)
        {
            throw SubmissionException.Failed(FailureReason.ValidationError, e.Message);
        }
    }

    private static Submission Plan(JobRun run, int attempt, SubmissionOptions options, SparkConf defaults)
    {
        var spec = run.Spec;
        var program = spec.JobDriver?.SparkSqlJobDriver is { } sql ? Sql(sql) : Submit(spec.JobDriver?.SparkSubmitJobDriver ?? new());
        var applied = Classifications.Read(spec.ConfigurationOverrides?.ApplicationConfiguration);
        var role = spec.ExecutionRoleArn ?? "";
        var account = EmrNames.AccountOf(role) ?? options.AccountId;
        var driverAccount = EmrNames.ServiceAccount("driver", account, EmrNames.RoleName(role));
        var podName = EmrNames.DriverPod(run, attempt);
        var user = applied.Conf.With(program.Parameters.Conf.Values);
        var spark = Releases.SparkVersion(spec.ReleaseLabel ?? "") ?? options.SparkVersion;
        var conf = defaults
            .With(program.Parameters.Conf.Values)
            .With(EmrDefaults.Enforced(
                run.Metadata.Namespace!, podName, driverAccount, EmrNames.ServiceAccount("executor", account, EmrNames.RoleName(role))))
            .With([new(Releases.SparkVersionKey, spark)])
            .With(Labels(run, "executor").Select(l => KeyValuePair.Create("spark.kubernetes.executor.label." + l.Key, l.Value)));
        var application = new SparkApplication
        {
            Conf = conf,
            Namespace = run.Metadata.Namespace!,
            Id = EmrNames.ApplicationId(run.Id),
            Name = user.Get("spark.app.name") ?? program.DefaultName,
            Version = spark,
            IsPython = program.MainClass == PythonRunner,
            Labels = Labels(run, "driver"),
        };
        return new Submission
        {
            Application = application,
            MainClass = program.MainClass,
            Resource = program.Resource,
            Arguments = program.Arguments,
            DriverPodName = podName,
            ClientServiceAccount = EmrNames.ServiceAccount("client", account, EmrNames.RoleName(role)),
            DriverServiceAccount = driverAccount,
            StartTimeout = applied.StartTimeout,
            PropertiesUri = program.Parameters.PropertiesFile,
            Warnings = [.. applied.Warnings, .. program.Parameters.Warnings, .. EmrDefaults.Ineffective(user), .. LogPlaces.Ineffective(run)],
        };
    }

    /// <summary>EMR's labels of a pod of a job run.</summary>
    /// <param name="run">The job run.</param>
    /// <param name="component"><c>job.submitter</c>, <c>driver</c> or <c>executor</c>.</param>
    public static IReadOnlyDictionary<string, string> Labels(JobRun run, string component) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [EmrNames.JobIdLabel] = run.Id,
        [EmrNames.VirtualClusterLabel] = run.Spec.VirtualClusterId ?? "",
        [EmrNames.ResourceTypeLabel] = "job.run",
        [EmrNames.ComponentLabel] = component,
    };

    private static Program Sql(SparkSqlJobDriver driver)
    {
        var parameters = SubmitParametersParser.Parse(driver.SparkSqlParameters, SubmitTool.SparkSql);
        var variables = parameters.SqlVariables.SelectMany(v => v.Key.StartsWith("hiveconf:", StringComparison.Ordinal)
            ? new[] { "--hiveconf", $"{v.Key["hiveconf:".Length..]}={v.Value}" }
            : ["--hivevar", $"{v.Key}={v.Value}"]);
        return new Program(parameters, SqlDriver, "spark-internal", ["-f", driver.EntryPoint ?? "", .. variables], SqlDriver);
    }

    private static Program Submit(SparkSubmitJobDriver driver)
    {
        var parameters = SubmitParametersParser.Parse(driver.SparkSubmitParameters);
        var entry = driver.EntryPoint ?? "";
        if (!entry.EndsWith(".py", StringComparison.OrdinalIgnoreCase))
        {
            var what = parameters.MainClass is { } main ? $"The class {main} of {entry}" : $"The entry point {entry}";
            throw SubmissionException.Failed(
                FailureReason.ValidationError,
                $"{what} needs Apache Spark: the embedded engine runs Python files (.py) and, through sparkSqlJobDriver, SQL files. Run this job on Amazon EMR or on a cluster with Apache Spark.");
        }

        var name = entry[(entry.LastIndexOf('/') + 1)..];
        return new Program(parameters, PythonRunner, entry, driver.EntryPointArguments ?? [], name);
    }

    private sealed record Program(SubmitParameters Parameters, string MainClass, string Resource, IReadOnlyList<string> Arguments, string DefaultName);
}
