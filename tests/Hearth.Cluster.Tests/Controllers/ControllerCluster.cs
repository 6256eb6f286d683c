using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Cluster.Tests.ApiServer;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Pricing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>A real API in memory with controllers running against it, and short ways to say what is in it.</summary>
internal sealed class ControllerCluster : IAsyncDisposable
{
    private static readonly ResourceType Definitions = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false);
    private readonly CancellationTokenSource _stop = new();
    private readonly TestApi _api;
    private readonly List<Task> _running = [];

    private ControllerCluster(TestApi api)
    {
        _api = api;
        Informers = new ClusterInformers(Client, TimeProvider.System);
    }

    public IKubeClient Client => _api.Client;

    public IResourceCatalog Catalog => _api.Core;

    public ClusterInformers Informers { get; }

    public SimulatedCloud Cloud { get; init; } = new(new SimulatedCloudOptions { Region = "us-west-2", Zones = ["us-west-2a", "us-west-2b"] });

    public static async Task<ControllerCluster> CreateAsync(SimulatedCloudOptions? cloud = null)
    {
        var api = await TestApi.CreateAsync();
        var cluster = cloud is null ? new ControllerCluster(api) : new ControllerCluster(api) { Cloud = new SimulatedCloud(cloud) };
        foreach (var definition in KarpenterCrds.All().Append(NodeRecord.Crd()).Append(CloudFault.Crd()))
        {
            var name = definition["metadata"]!["name"]!.GetValue<string>();
            await cluster.Client.CreateAsync(Definitions, null, definition, default);
            await Until(
                () => cluster.Client.GetAsync(new ObjectRef(Definitions, null, name), default),
                d => d["status"]?["conditions"]?.AsArray().Any(c => c!["type"]!.GetValue<string>() == "Established" && c["status"]!.GetValue<string>() == "True") == true, $"{name} is served");
        }

        return cluster;
    }

    /// <summary>Runs controllers; call it once, after all of them were made.</summary>
    public void Run(params IEnumerable<Func<CancellationToken, Task>> controllers)
    {
        _running.AddRange(controllers.Select(c => Task.Run(() => c(_stop.Token))));
        _running.Add(Task.Run(() => Informers.RunAsync(_stop.Token)));
    }

    public static NullLogger Log => NullLogger.Instance;

    public async Task<Node> NodeAsync(string name, string allocatable = "cpu=4,memory=16Gi,pods=110", string? labels = null)
    {
        var node = await Client.CreateAsync(new Node { Metadata = new ObjectMeta { Name = name, Labels = Map(labels) } }, default);
        var amounts = new JsonObject(Map(allocatable).Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value)));
        return await Client.PatchStatusAsync(node, new JsonObject { ["capacity"] = amounts.DeepClone(), ["allocatable"] = amounts }, default);
    }

    public Task<JsonObject> PodAsync(string name, string requests = "", string? selector = null, Action<JsonObject>? change = null)
    {
        var pod = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
            ["spec"] = new JsonObject
            {
                ["nodeSelector"] = new JsonObject(Map(selector).Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value))),
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "c",
                    ["image"] = "busybox",
                    ["resources"] = new JsonObject { ["requests"] = new JsonObject(Map(requests).Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value))) },
                }),
            },
        };
        change?.Invoke(pod);
        return Client.CreateAsync(Pod.Type, "default", pod, default);
    }

    public async Task PoolAsync(string name, string requirements, string? labels = null, string consolidateAfter = "Never", string? limits = null, string policy = "WhenEmpty")
    {
        await Client.CreateAsync(Ec2NodeClass.Type, null, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["amiFamily"] = "AL2023",
                ["instanceStorePolicy"] = "RAID0",
                ["role"] = "node",
                ["amiSelectorTerms"] = new JsonArray(new JsonObject { ["alias"] = "al2023@latest" }),
                ["subnetSelectorTerms"] = new JsonArray(new JsonObject { ["tags"] = new JsonObject { ["karpenter.sh/discovery"] = "hearth" } }),
                ["securityGroupSelectorTerms"] = new JsonArray(new JsonObject { ["tags"] = new JsonObject { ["karpenter.sh/discovery"] = "hearth" } }),
            },
        }, default);
        await Client.CreateAsync(NodePool.Type, null, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["limits"] = limits is null ? null : new JsonObject(Map(limits).Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value))),
                ["disruption"] = new JsonObject { ["consolidateAfter"] = consolidateAfter, ["consolidationPolicy"] = policy },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = new JsonObject(Map(labels).Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value))) },
                    ["spec"] = new JsonObject
                    {
                        ["nodeClassRef"] = new JsonObject { ["group"] = "karpenter.k8s.aws", ["kind"] = "EC2NodeClass", ["name"] = name },
                        ["requirements"] = new JsonArray([.. requirements.Split(';', StringSplitOptions.TrimEntries).Select(r => r.Split(' ', 3)).Select(r => (JsonNode)new JsonObject
                        {
                            ["key"] = r[0].Replace("@", KarpenterLabels.InstancePrefix, StringComparison.Ordinal),
                            ["operator"] = r[1],
                            ["values"] = new JsonArray([.. r[2].Split(',').Select(v => (JsonNode)v)]),
                        })]),
                    },
                },
            },
        }, default);
    }

    /// <summary>Plays the node: the pod runs, or ends.</summary>
    public Task PhaseAsync(string pod, string phase) =>
        Client.PatchAsync(new ObjectRef(Pod.Type, "default", pod), KubePatch.Status(new JsonObject { ["phase"] = phase }), default);

    public Task<Pod> GetPodAsync(string name) => Client.GetAsync<Pod>("default", name, default);

    /// <summary>Events as <c>Reason: message</c>, in order of creation.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(string about) =>
    [
        .. (await Client.ListAsync<Event>(null, ListOptions.All, default))
            .Where(e => e.InvolvedObject?.Name == about)
            .OrderBy(e => long.Parse(e.Metadata.ResourceVersion!))
            .Select(e => $"{e.Reason}: {e.Message}"),
    ];

    /// <summary>Waits until something holds.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> read, Func<T, bool> holds, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var value = await read();
            if (holds(value))
            {
                return value;
            }

            limit.IsCancellationRequested.ShouldBeFalse($"{what}; last seen: {value}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    public Task<Pod> UntilPod(string name, Func<Pod, bool> holds, string what) => Until(() => GetPodAsync(name), holds, $"{name} {what}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _api.DisposeAsync();
        _stop.Dispose();
    }

    public static Dictionary<string, string> Map(string? text) => (text ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
}
