using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.ClusterAutoscaler;

namespace Hearth.Cluster.Controllers.NodeGroups;

/// <summary>
/// How many nodes each managed node group is to have: what its auto-scaling group holds as desired capacity. Without an autoscaler that is what is declared. With
/// one it is what the autoscaler last asked for, kept in the ConfigMap <c>kube-system/hearth-node-groups</c>, so that a restart forgets nothing.
/// </summary>
public sealed class GroupSizes
{
    private const string Name = "hearth-node-groups";
    private const string Namespace = "kube-system";
    private readonly bool _scaled;
    private readonly ConcurrentDictionary<string, int> _sizes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _loading = new(1);
    private bool _loaded;

    /// <summary>Of the groups that a declaration means in these zones.</summary>
    /// <param name="groups">As declared.</param>
    /// <param name="zones">The network's zones.</param>
    /// <param name="scaled">An autoscaler changes the sizes.</param>
    public GroupSizes(IEnumerable<NodeGroup> groups, IReadOnlyList<string> zones, bool scaled)
    {
        Groups = [.. groups.SelectMany(g => g.Expand(zones))];
        _scaled = scaled;
        foreach (var group in Groups)
        {
            _sizes[group.Name] = group.DesiredSize;
        }
    }

    /// <summary>The groups that there are, each of its zones.</summary>
    public IReadOnlyList<NodeGroup> Groups { get; }

    /// <summary>A group's size was changed.</summary>
    public event Action<string>? Changed;

    /// <summary>A group was to have more nodes than it gets.</summary>
    public event Action<string, ScaleUpError>? Failed;

    /// <summary>Says that a group gets no more nodes for now.</summary>
    public void Fail(string group, ScaleUpError error) => Failed?.Invoke(group, error);

    /// <summary>How many nodes a group is to have.</summary>
    public int Of(string group) => _sizes[group];

    /// <summary>Recalls what was asked for before this process started; within what is declared now.</summary>
    public async Task LoadAsync(IKubeClient client, CancellationToken ct)
    {
        await _loading.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_loaded || !_scaled)
            {
                return;
            }

            var saved = await FindAsync(client, ct).ConfigureAwait(false);
            foreach (var group in Groups)
            {
                if (int.TryParse(saved?.Data?.GetValueOrDefault(group.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                {
                    _sizes[group.Name] = Math.Clamp(size, group.MinSize, Math.Max(group.MinSize, group.MaxSize));
                }
            }

            _loaded = true;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Asks for another number of nodes: written down first.</summary>
    public async Task SetAsync(IKubeClient client, string group, int size, CancellationToken ct)
    {
        var data = new JsonObject { [group] = size.ToString(CultureInfo.InvariantCulture) };
        try
        {
            await client.PatchAsync(new ObjectRef(ConfigMap.Type, Namespace, Name), KubePatch.Merge(new JsonObject { ["data"] = data.DeepClone() }), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            await client.CreateAsync(ConfigMap.Type, Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Namespace }, ["data"] = data }, ct).ConfigureAwait(false);
        }

        _sizes[group] = size;
        Changed?.Invoke(group);
    }

    private static async Task<ConfigMap?> FindAsync(IKubeClient client, CancellationToken ct)
    {
        try
        {
            return await client.GetAsync<ConfigMap>(Namespace, Name, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return null;
        }
    }
}
