namespace Hearth.Aws.CloudFormation;

/// <summary>A stack as the declaration has it on AWS, with the values that its outputs have here.</summary>
/// <param name="Name">As <c>data-platform-teams</c>.</param>
/// <param name="Description">For people.</param>
/// <param name="Outputs">What scripts read.</param>
public sealed record DeclaredStack(string Name, string Description, IReadOnlyList<DeclaredOutput> Outputs);

/// <summary>An output of a stack.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">What it is here.</param>
/// <param name="Description">For people.</param>
/// <param name="Team">Whose it is; null for what is everybody's.</param>
public sealed record DeclaredOutput(string Key, string Value, string Description, string? Team = null);

/// <summary>The stacks of a platform at this moment.</summary>
public interface IDeclaredStacks
{
    /// <summary>All stacks, in the order in which AWS would deploy them.</summary>
    Task<IReadOnlyList<DeclaredStack>> ListAsync(CancellationToken ct);
}
