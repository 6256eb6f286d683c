using System.CommandLine;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job</c>: what a data engineer does with jobs, without the AWS CLI.</summary>
internal static class JobCommand
{
    public static Command Create(CliContext context)
    {
        _ = context;
        var command = new Command("job", "Submit, watch and explain jobs.")
        {
            Later("run", "Submit a StartJobRun request file and follow it.", "aws emr-containers start-job-run --cli-input-json file://REQUEST.json", "request"),
            Later("list", "List job runs.", "aws emr-containers list-job-runs --virtual-cluster-id ID, or kubectl get jobruns -A"),
            Later("describe", "Show one job run.", "aws emr-containers describe-job-run, or kubectl describe jobrun", "id"),
            Later("logs", "Print a job's logs.", "kubectl logs of its driver pod, or the log files in the team's bucket", "id"),
            Later("cancel", "Cancel a job run.", "aws emr-containers cancel-job-run", "id"),
            Later("explain", "Say why a job waits, failed or costs what it does.", "kubectl describe on its driver pod, or the job run's stateDetails", "id"),
        };
        return command;
    }

    /// <summary>A command whose place is fixed and whose work is still to come; it says what works instead.</summary>
    private static Command Later(string name, string description, string instead, string? argument = null)
    {
        var command = new Command(name, $"{description} (not there yet)");
        if (argument is not null)
        {
            command.Add(new Argument<string>(argument));
        }

        command.SetAction((_, _) => Task.FromException<int>(CliException.NotThereYet($"hearth job {name}", $"Until then: {instead}.")));
        return command;
    }
}
