using Hearth.Cli.CommandLine;
using Hearth.Delivery.Manifests;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Job;

/// <summary>The teams of the running platform, as their namespaces tell.</summary>
internal sealed class Teams(IReadOnlyList<TeamPlace> all)
{
    /// <summary>By name.</summary>
    public IReadOnlyList<TeamPlace> All { get; } = all;

    public static async Task<Teams> ReadAsync(IKubeClient kube, CancellationToken ct)
    {
        var namespaces = await kube.ListAsync<Namespace>(null, new ListOptions { LabelSelector = TeamNamespace.TeamLabel }, ct).ConfigureAwait(false);
        return new Teams([.. namespaces.Select(TeamNamespace.Read).OfType<TeamPlace>().OrderBy(t => t.Name, StringComparer.Ordinal)]);
    }

    /// <summary>The team of that name; the first one when no name is given.</summary>
    /// <exception cref="CliException">There is no such team, or none at all.</exception>
    public TeamPlace Choose(string? name)
    {
        if (All.Count == 0)
        {
            throw new CliException("the platform has no team", "Declare one under spec.teams and start the platform with it (`hearth platform show --source` has an example).");
        }

        return name is null
            ? All[0]
            : All.FirstOrDefault(t => t.Name == name) ?? throw CliException.BadInput(Nearest.Describe($"no team '{name}'", name, [.. All.Select(t => t.Name)]));
    }

    /// <summary>The team that a namespace belongs to, or null.</summary>
    public TeamPlace? Of(string? ns) => All.FirstOrDefault(t => t.Namespace == ns);
}
