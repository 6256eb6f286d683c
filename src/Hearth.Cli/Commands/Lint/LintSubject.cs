using Hearth.Cli.Commands.Lint.Placing;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Jobs.Spark;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Lint;

/// <summary>Everything that rules look at: one request, what it names, and the platform that it is for.</summary>
internal sealed class LintSubject
{
    private readonly Lazy<JobPods> _pods;
    private readonly Lazy<JobPlacement?> _placement;

    public LintSubject() =>
        (_pods, _placement) = (
            new(() => Settings!.Submission is { } submission ? JobPods.Build(submission, Driver, Executor) : JobPods.None),
            new(() => Platform is null ? null : JobPlacement.Of(Platform, Pods, Settings!.All)));

    /// <summary>The request's text.</summary>
    public required LintSource Request { get; init; }

    /// <summary>The request with the values in the place of its placeholders.</summary>
    public required StartJobRunRequest Model { get; init; }

    /// <summary>Why a job template would not be taken, or null when it would, or when there is none.</summary>
    public JobException? TemplateProblem { get; init; }

    /// <summary>Stands in values for parameters of a job template that have no default: what is said about such a value means nothing.</summary>
    public string? Unknown { get; init; }

    /// <summary>The declaration, or null when it is not known.</summary>
    public PlatformDeclaration? Platform { get; init; }

    /// <summary>The team that submits; null when the platform has none.</summary>
    public Team? Team { get; init; }

    public required JobSettings Settings { get; init; }

    /// <summary>The driver's pod template, or null when the request names none.</summary>
    public TemplateFile? Driver { get; init; }

    /// <summary>The executors' pod template, or null when the request names none.</summary>
    public TemplateFile? Executor { get; init; }

    public required LocalFiles Files { get; init; }

    /// <summary>The templates that could be read.</summary>
    public IEnumerable<(TemplateFile Template, LintSource Source)> Templates =>
        new[] { Driver, Executor }.OfType<TemplateFile>().Where(t => t.Source is { Problem: null }).Select(t => (t, t.Source!));

    /// <summary>The pods that the request makes.</summary>
    public JobPods Pods => _pods.Value;

    /// <summary>Where those pods could be; null without a platform.</summary>
    public JobPlacement? Placement => _placement.Value;

    /// <summary>A template by its role.</summary>
    public TemplateFile? Template(SparkRole role) => role == SparkRole.Driver ? Driver : Executor;

    /// <summary>Where the member that holds the program's parameters is.</summary>
    public SourcePlace Parameters => Model.JobDriver?.SparkSqlJobDriver is null
        ? Request.At("jobDriver", "sparkSubmitJobDriver", "sparkSubmitParameters")
        : Request.At("jobDriver", "sparkSqlJobDriver", "sparkSqlParameters");

    /// <summary>Where a setting that holds is written: in the parameters, which win, else in spark-defaults.</summary>
    public SourcePlace Setting(string key)
    {
        if (Settings.Parameters.Get(key) is not null)
        {
            return Request.Find(Parameters, key);
        }

        var configurations = Model.ConfigurationOverrides?.ApplicationConfiguration ?? [];
        for (var i = configurations.Count - 1; i >= 0; i--)
        {
            if (configurations[i].Properties?.ContainsKey(key) == true)
            {
                return Request.At("configurationOverrides", "applicationConfiguration", i, "properties", key);
            }
        }

        return Request.At("jobDriver");
    }
}
