using Hearth.Aws.Iam.Access;
using Hearth.Aws.Logs.Storage;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Storage;

namespace Hearth.Aws.Logs;

/// <summary>CloudWatch Logs for job runs: written with the rights of their execution roles.</summary>
/// <param name="storage">The logs.</param>
/// <param name="access">Knows the roles.</param>
/// <param name="rights">Who may do what with groups and streams.</param>
public sealed class JobLogs(LogStorage storage, AccessControl access, LogAccess rights) : ILogStore
{
    /// <inheritdoc/>
    public Task AppendAsync(string group, string stream, IReadOnlyList<LogLine> lines, string? roleArn, CancellationToken ct)
    {
        if (storage.FindGroup(group) is null)
        {
            Check(roleArn, "logs:CreateLogGroup", group, null);
            storage.CreateGroup(group);
        }

        if (!storage.HasStream(group, stream))
        {
            Check(roleArn, "logs:CreateLogStream", group, stream);
            storage.CreateStream(group, stream);
        }

        if (lines.Count > 0)
        {
            Check(roleArn, "logs:PutLogEvents", group, stream);
            storage.Append(group, stream, [.. lines.Select(l => new NewLogEvent(l.Time.ToUnixTimeMilliseconds(), l.Text))], durable: false);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task FlushAsync(string group, string stream, CancellationToken ct)
    {
        storage.Flush(group, stream);
        return Task.CompletedTask;
    }

    private void Check(string? roleArn, string action, string group, string? stream)
    {
        if (roleArn is null)
        {
            return;
        }

        var problem = access.FindRole(roleArn) is { } role
            ? rights.Refusal(access.CallerOf(role, "emr-containers"), action, group, stream)
            : $"The role {roleArn} does not exist: it has no rights in CloudWatch Logs.";
        if (problem is not null)
        {
            throw new ObjectAccessException(ObjectAccessError.Denied, problem);
        }
    }
}
