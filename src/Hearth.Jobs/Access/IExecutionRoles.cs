namespace Hearth.Jobs.Access;

/// <summary>What must hold of an execution role before a job run is put on the cluster.</summary>
public interface IExecutionRoles
{
    /// <summary>Why a service account cannot take on a role; null when it can.</summary>
    /// <param name="roleArn">The execution role.</param>
    /// <param name="ns">Namespace of the job run.</param>
    /// <param name="serviceAccount">The service account of the driver.</param>
    string? TrustProblem(string roleArn, string ns, string serviceAccount);

    /// <summary>The first permission that a role lacks to write logs; null when it has what it needs.</summary>
    /// <param name="roleArn">The execution role.</param>
    /// <param name="group">CloudWatch log group, or null.</param>
    /// <param name="streamRoot">Beginning of the names of its streams.</param>
    /// <param name="s3Root">Where logs go in S3, or null.</param>
    string? MissingLogPermission(string roleArn, string? group, string streamRoot, string? s3Root);
}
