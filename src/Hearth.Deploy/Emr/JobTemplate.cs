using Amazon.CDK;
using Constructs;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Emr;

/// <summary>What <see cref="JobTemplate"/> makes.</summary>
public sealed record JobTemplateProps
{
    private const int MostParameters = 100;

    /// <summary>1 to 64 of letters, digits and <c>. - _ / #</c>.</summary>
    public required string Name { get; init; }

    /// <summary>May hold a <c>${Parameter}</c>.</summary>
    public required string ReleaseLabel { get; init; }

    /// <summary>May be a CDK token or hold a <c>${Parameter}</c>.</summary>
    public required string ExecutionRoleArn { get; init; }

    /// <summary>The program, as <c>s3://bucket/job.py</c>; may hold a <c>${Parameter}</c>.</summary>
    public required string EntryPoint { get; init; }

    /// <summary>Arguments of the program; each may hold a <c>${Parameter}</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>As on spark-submit's command line.</summary>
    public string SparkSubmitParameters { get; init; } = "";

    /// <summary>Spark settings and monitoring of the jobs.</summary>
    public required SparkSettings Settings { get; init; }

    /// <summary>Parameters by name with their default; an empty default must be given at the start of a job. All are strings.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal void Check()
    {
        var check = new PropsCheck(nameof(JobTemplateProps))
            .Require(EmrNames.IsName(Name), nameof(Name), $"'{Name}' is no name of a job template: {EmrNames.NameRule}")
            .Require(ReleaseLabel.Contains("${", StringComparison.Ordinal) || EmrNames.IsRelease(ReleaseLabel), nameof(ReleaseLabel), $"'{ReleaseLabel}' is no release label, {EmrNames.ReleaseRule}")
            .Require(EntryPoint.Length is > 0 and <= 256, nameof(EntryPoint), "an entry point has 1 to 256 characters")
            .Require(Parameters.Count <= MostParameters, nameof(Parameters), $"{Parameters.Count} parameters; EMR takes at most {MostParameters}");
        check.Add(Settings.Faults(nameof(Settings))).Throw();
    }
}

/// <summary>A job template (AWS::EMRContainers::JobTemplate).</summary>
public sealed class JobTemplate : Construct
{
    /// <summary>Throws <see cref="Platform.PlatformException"/> naming each property that is wrong.</summary>
    public JobTemplate(Construct scope, string id, JobTemplateProps props)
        : base(scope, id)
    {
        props.Check();
        var resource = new CfnResource(this, "JobTemplate", new CfnResourceProps
        {
            Type = "AWS::EMRContainers::JobTemplate",
            Properties = new Dictionary<string, object>(StringComparer.Ordinal) { ["Name"] = props.Name, ["JobTemplateData"] = Data(props) },
        });
        TemplateId = resource.GetAtt("Id").ToString()!;
    }

    /// <summary>A CDK token.</summary>
    public string TemplateId { get; }

    private static Dictionary<string, object> Data(JobTemplateProps props)
    {
        var driver = new Dictionary<string, object>(StringComparer.Ordinal) { ["EntryPoint"] = props.EntryPoint };
        if (props.Arguments.Count > 0)
        {
            driver["EntryPointArguments"] = props.Arguments.ToArray();
        }

        if (props.SparkSubmitParameters.Length > 0)
        {
            driver["SparkSubmitParameters"] = props.SparkSubmitParameters;
        }

        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["ExecutionRoleArn"] = props.ExecutionRoleArn,
            ["ReleaseLabel"] = props.ReleaseLabel,
            ["JobDriver"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["SparkSubmitJobDriver"] = driver },
            ["ConfigurationOverrides"] = props.Settings.ToTemplate(),
        };
        if (props.Parameters.Count > 0)
        {
            data["ParameterConfiguration"] = props.Parameters.ToDictionary(p => p.Key, p => (object)Parameter(p.Value), StringComparer.Ordinal);
        }

        return data;
    }

    private static Dictionary<string, object> Parameter(string initial)
    {
        var parameter = new Dictionary<string, object>(StringComparer.Ordinal) { ["Type"] = "STRING" };
        if (initial.Length > 0)
        {
            parameter["DefaultValue"] = initial;
        }

        return parameter;
    }
}
