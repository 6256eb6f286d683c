using System.CommandLine;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job</c>: what a data engineer does with jobs, without the AWS CLI.</summary>
internal static class JobCommand
{
    public static Command Create(CliContext context) => new("job", "Submit, watch and explain jobs on the running platform.")
    {
        RunCommand.Create(context),
        ListCommand.Create(context),
        DescribeCommand.Create(context),
        LogsCommand.Create(context),
        CancelCommand.Create(context),
        WaitCommand.Create(context),
        ExplainCommand.Create(context),
    };

    /// <summary>The argument of every command about one job run.</summary>
    public static Argument<string> Id() => new("id") { Description = "The job run's id, in whatever namespace it is; a beginning that only one has is enough." };

    /// <summary>The argument of commands about several.</summary>
    public static Argument<string[]> Ids(ArgumentArity? arity = null) => new("id")
    {
        Description = "Ids of job runs, in whatever namespace; a beginning that only one has is enough.", Arity = arity ?? ArgumentArity.OneOrMore,
    };
}
