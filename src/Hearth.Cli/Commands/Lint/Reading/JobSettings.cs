using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;
using Hearth.Kube.Objects;

namespace Hearth.Cli.Commands.Lint.Reading;

/// <summary>What a request sets, read as EMR reads it.</summary>
/// <param name="User">The settings of the request: its spark-defaults, and over them its parameters.</param>
/// <param name="Parameters">Those of them that come from the parameters.</param>
/// <param name="Submission">The whole submission; null when there is a <paramref name="Problem"/>, or when a job template has the program.</param>
/// <param name="Problem">Why it cannot be submitted, or null.</param>
internal sealed record JobSettings(SparkConf User, SparkConf Parameters, Submission? Submission, string? Problem)
{
    private const string Prefix = "JobRun submission failed.\n";

    /// <summary>All settings, those that the service decides included; the request's own when it cannot be submitted.</summary>
    public SparkConf All => Submission?.Application.Conf ?? User;

    public static JobSettings Read(StartJobRunRequest request, string ns, string accountId)
    {
        var parameters = Line(request.JobDriver);
        var defaults = (request.ConfigurationOverrides?.ApplicationConfiguration ?? [])
            .Where(c => c.Classification == "spark-defaults")
            .SelectMany(c => c.Properties ?? new Dictionary<string, string>(StringComparer.Ordinal));
        var user = SparkConf.Of(defaults).With(parameters.Values);
        if (request.JobDriver is null)
        {
            return new JobSettings(user, parameters, null, null);
        }

        try
        {
            return new JobSettings(user, parameters, Submission.Read(Run(request, ns), 1, new SubmissionOptions { AccountId = accountId }), null);
        }
        catch (SubmissionException e)
        {
            return new JobSettings(user, parameters, null, e.Message.StartsWith(Prefix, StringComparison.Ordinal) ? e.Message[Prefix.Length..] : e.Message);
        }
    }

    private static SparkConf Line(JobDriver? driver)
    {
        try
        {
            return driver?.SparkSqlJobDriver is { } sql
                ? SubmitParametersParser.Parse(sql.SparkSqlParameters, SubmitTool.SparkSql).Conf
                : SubmitParametersParser.Parse(driver?.SparkSubmitJobDriver?.SparkSubmitParameters).Conf;
        }
        catch (SubmitParametersException)
        {
            return SparkConf.Empty; // reading the submission finds it again, and says so
        }
    }

    private static JobRun Run(StartJobRunRequest request, string ns) => new()
    {
        Metadata = new ObjectMeta { Name = "0000000000000000000", Namespace = ns, Uid = "lint" },
        Spec = new JobRunSpec
        {
            Name = request.Name,
            VirtualClusterId = request.VirtualClusterId,
            ExecutionRoleArn = request.ExecutionRoleArn,
            ReleaseLabel = request.ReleaseLabel,
            JobDriver = request.JobDriver,
            ConfigurationOverrides = request.ConfigurationOverrides,
        },
    };
}
