using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Delivery.Manifests;
using Hearth.Cli.Output;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Job;

/// <summary>The words of <c>hearth job run</c>, and what they ask for together.</summary>
internal sealed class RunOptions
{
    /// <summary>Stands for the file of a request that was made of options.</summary>
    public const string MadeHere = "(command line)";

    private readonly Argument<string[]> _words = new("request")
    {
        Description = "A StartJobRun request, as `aws emr-containers start-job-run --cli-input-json` takes it. "
            + "${VIRTUAL_CLUSTER_ID}, ${ROLE_ARN}, ${S3_BUCKET} (with s3://), ${LOG_GROUP} and ${REGION} are filled in from the team. With --script: arguments of the program, after --.",
        HelpName = "REQUEST.json",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _script = new("--script") { Description = "Instead of a request: a Python program, a file here (it is uploaded), s3://BUCKET/KEY or local:///PATH.", HelpName = "FILE" };
    private readonly Option<string?> _sql = new("--sql") { Description = "Instead of a request: SQL, a file, s3://BUCKET/KEY, or the statements themselves.", HelpName = "FILE|SQL" };
    private readonly Option<string?> _name = new("--name") { Description = "Name of the run [default: that of the file].", HelpName = "NAME" };
    private readonly Option<string?> _role = new("--role") { Description = "ARN of the execution role [default: the team's].", HelpName = "ARN" };
    private readonly Option<string?> _release = new("--release") { Description = "Release label [default: the platform's].", HelpName = "LABEL" };
    private readonly Option<string[]> _conf = new("--conf") { Description = "A setting of Spark; may be repeated.", HelpName = "KEY=VALUE" };
    private readonly Option<string[]> _pyFiles = new("--py-files") { Description = "Python modules, comma-separated: files here (they are uploaded) or s3://BUCKET/KEY.", HelpName = "FILES" };
    private readonly Option<int?> _executors = new("--executors") { Description = "Number of executors [default: 2].", HelpName = "N" };
    private readonly Option<string?> _executorMemory = new("--executor-memory") { Description = "Heap of an executor, as 2g [default: 1G].", HelpName = "SIZE" };
    private readonly Option<bool> _follow = new("--follow", "--wait") { Description = "Follow the job to its end; exit code 0 when it completed (the default)." };

    public Option<string?> DataDir { get; } = SharedOptions.DataDirectory();

    public Option<string> Output { get; } = OutputOption.Create();

    public Option<string?> Team { get; } = new("--team") { Description = "The team to run as [default: the only or first one].", HelpName = "NAME" };

    public Option<string?> Upload { get; } = new("--upload") { Description = "First upload this folder to s3://TEAM-BUCKET/NAME-OF-FOLDER/scripts/.", HelpName = "DIR" };

    public Option<bool> Detach { get; } = new("--detach", "--no-wait") { Description = "Return once the job is submitted." };

    public Option<bool> NoLint { get; } = new("--no-lint") { Description = "Do not look for errors first, as `hearth lint` does." };

    public Command Command()
    {
        var command = new Command("run", "Submit a job, from a request file or from options, and follow it.")
        {
            _words, _script, _sql, _name, Team, _role, _release, _conf, _pyFiles, _executors, _executorMemory, Upload, _follow, Detach, NoLint, Output, DataDir,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_follow) && result.GetValue(Detach))
            {
                result.AddError("--follow (--wait) and --detach (--no-wait) exclude each other");
            }

            foreach (var setting in (result.GetValue(_conf) ?? []).Where(c => c.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--conf {setting}: KEY=VALUE was expected");
            }

            var programs = new[] { result.GetValue(_script), result.GetValue(_sql) }.Count(p => p is not null);
            var words = result.GetValue(_words)?.Length ?? 0;
            if (programs == 2 || (programs == 0 && words != 1) || (result.GetValue(_sql) is not null && words > 0))
            {
                result.AddError("give a request file, or --script FILE [-- ARGUMENTS], or --sql FILE");
            }

            Option[] made = [_name, _role, _release, _conf, _pyFiles, _executors, _executorMemory];
            foreach (var option in made.Where(o => programs == 0 && result.GetResult(o) is { Implicit: false }))
            {
                result.AddError($"{option.Name} goes with --script or --sql; a request file says that itself");
            }
        });
        return command;
    }

    /// <summary>The request file, when there is no program.</summary>
    public string RequestFile(ParseResult parsed) => parsed.GetValue(_words)![0];

    /// <summary>The program given by options, or null.</summary>
    public JobProgram? Program(ParseResult parsed) =>
        parsed.GetValue(_script) is { } script ? JobProgram.OfScript(script, parsed.GetValue(_pyFiles) ?? [], parsed.GetValue(_name))
        : parsed.GetValue(_sql) is { } sql ? JobProgram.OfSql(sql, parsed.GetValue(_name))
        : null;

    /// <summary>What to submit for a program.</summary>
    public JobWish Wish(ParseResult parsed, JobProgram program, JobPlatform platform, TeamPlace team) => new()
    {
        Name = program.Name,
        EntryPoint = program.EntryPoint,
        IsSql = program.IsSql,
        PyFiles = program.PyFiles,
        ReleaseLabel = parsed.GetValue(_release) ?? platform.Declaration?.Engine.ReleaseLabel ?? new EngineSettings().ReleaseLabel,
        Role = parsed.GetValue(_role) ?? "${ROLE_ARN}",
        Arguments = parsed.GetValue(_words) ?? [],
        Conf = parsed.GetValue(_conf) ?? [],
        Executors = parsed.GetValue(_executors),
        ExecutorMemory = parsed.GetValue(_executorMemory),
        HasLogGroup = team.LogGroup.Length > 0,
    };
}
