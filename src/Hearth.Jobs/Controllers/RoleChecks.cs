using Hearth.Jobs.Access;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Controllers;

/// <summary>Looks at the execution role before anything is made for a run, as EMR does: who may take it on, and whether it may write the logs.</summary>
internal static class RoleChecks
{
    /// <exception cref="SubmissionException">The role does not serve; the run fails.</exception>
    public static void Check(IExecutionRoles? roles, JobRun run, string accountId)
    {
        if (roles is null || run.Spec.ExecutionRoleArn is not { } role)
        {
            return;
        }

        var ns = run.Metadata.Namespace!;
        var account = EmrNames.ServiceAccount("driver", EmrNames.AccountOf(role) ?? accountId, EmrNames.RoleName(role));
        if (roles.TrustProblem(role, ns, account) is { } problem)
        {
            throw SubmissionException.Failed(FailureReason.UserError, problem);
        }

        if (roles.MissingLogPermission(role, LogPlaces.Group(run), LogPlaces.StreamRoot(run), LogPlaces.S3Root(run)) is { } permission)
        {
            throw new SubmissionException(FailureReason.UserError, $"JobRun failed. Job execution role does not have the {permission} permission.");
        }
    }
}
