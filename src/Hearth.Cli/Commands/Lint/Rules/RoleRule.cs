using Hearth.Cli.Hosting.Embedded;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>A job that would run with the rights of another team, or with none.</summary>
internal static class RoleRule
{
    /// <summary>The role belongs to somebody else.</summary>
    public static LintRule OfOtherTeam { get; } = new(
        "role-of-other-team",
        Severity.Error,
        "The execution role is another team's.",
        "The role does not trust service accounts of this team's namespace: the job gets no rights at all.",
        "Use the team's own role, or submit as the other team (--team).",
        subject => Owner(subject) is { } owner && owner != subject.Team?.Name
            ? [new Fault(subject.Request.At("executionRoleArn"), $"role {Name(subject)} is the one of team {owner}, not of team {subject.Team?.Name}")]
            : []);

    /// <summary>The role belongs to nobody.</summary>
    public static LintRule Unknown { get; } = new(
        "role-unknown",
        Severity.Warning,
        "The execution role is none that the declaration gives to a team.",
        "Unless it was made by hand, the job has no rights.",
        "Use ${ROLE_ARN}, which stands for the team's role.",
        subject => subject.Platform is not null && Name(subject) is { } role && Owner(subject) is null
            ? [new Fault(subject.Request.At("executionRoleArn"), $"no team has the role {role}")]
            : []);

    private static string? Name(LintSubject subject) => subject.Model.ExecutionRoleArn is { } arn ? arn[(arn.LastIndexOf('/') + 1)..] : null;

    private static string? Owner(LintSubject subject) =>
        subject.Platform?.Teams.FirstOrDefault(t => subject.Model.ExecutionRoleArn == TeamClusters.RoleArn(subject.Platform, t) || t.ExecutionRole.Name == Name(subject))?.Name;
}
