using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.GarbageCollection;
using Hearth.Cluster.Controllers.Namespaces;
using Hearth.Cluster.Controllers.Pods;
using Hearth.Cluster.Controllers.ServiceAccounts;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.Controllers;

public sealed class GarbageCollectorTests
{
    private static async Task<ControllerCluster> StartAsync()
    {
        var cluster = await ControllerCluster.CreateAsync();
        cluster.Run(
            new GarbageCollector(cluster.Client, cluster.Catalog, TimeProvider.System, ControllerCluster.Log).RunAsync,
            new NamespaceController(cluster.Client, cluster.Catalog, cluster.Informers, TimeProvider.System, ControllerCluster.Log).RunAsync,
            new NamespaceDefaults(cluster.Client, cluster.Informers, "PEM", TimeProvider.System, ControllerCluster.Log).RunAsync,
            new PodGarbage(cluster.Client, cluster.Informers, TimeSpan.FromMilliseconds(100), TimeProvider.System, ControllerCluster.Log).RunAsync);
        return cluster;
    }

    [Fact]
    public async Task Dependents_go_after_their_owner_through_any_number_of_steps()
    {
        await using var cluster = await StartAsync();
        var owner = await MapAsync(cluster, "owner");
        var child = await MapAsync(cluster, "child", owners: owner);
        await MapAsync(cluster, "grandchild", owners: child);
        await MapAsync(cluster, "stranger");
        await cluster.Client.DeleteAsync(owner.Ref(), DeleteOptions.Default, default);
        await UntilMaps(cluster, "stranger");
    }

    [Fact]
    public async Task An_object_with_two_owners_stays_until_both_are_gone()
    {
        await using var cluster = await StartAsync();
        var first = await MapAsync(cluster, "first");
        var second = await MapAsync(cluster, "second");
        await MapAsync(cluster, "shared", owners: [first, second]);
        await cluster.Client.DeleteAsync(first.Ref(), DeleteOptions.Default, default);
        await ControllerCluster.Until(() => cluster.Client.GetAsync<ConfigMap>("default", "shared", default), m => m.Metadata.OwnerReferences!.Count == 1, "the reference to the gone owner is taken out");
        await cluster.Client.DeleteAsync(second.Ref(), DeleteOptions.Default, default);
        await UntilMaps(cluster);
    }

    [Fact]
    public async Task An_object_that_names_an_owner_that_never_was_is_deleted()
    {
        await using var cluster = await StartAsync();
        var real = await MapAsync(cluster, "real");
        await MapAsync(cluster, "wrong-uid", owners: real with { Metadata = real.Metadata with { Uid = "00000000-0000-0000-0000-000000000000" } });
        await UntilMaps(cluster, "real");
    }

    [Fact]
    public async Task Foreground_deletion_waits_for_the_dependents_that_block_it()
    {
        await using var cluster = await StartAsync();
        var owner = await MapAsync(cluster, "owner");
        await MapAsync(cluster, "child", finalizer: "example.com/hold", block: true, owners: owner);
        await cluster.Client.DeleteAsync(owner.Ref(), new DeleteOptions { PropagationPolicy = "Foreground" }, default);
        await ControllerCluster.Until(() => cluster.Client.GetAsync<ConfigMap>("default", "child", default), m => m.Metadata.DeletionTimestamp is not null, "the dependent is deleted first");
        (await cluster.Client.GetAsync<ConfigMap>("default", "owner", default)).Metadata.Finalizers.ShouldBe(["foregroundDeletion"]);
        await cluster.Client.PatchAsync(new ObjectRef(ConfigMap.Type, "default", "child"), KubePatch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray() } }), default);
        await UntilMaps(cluster);
    }

    [Fact]
    public async Task Orphaned_dependents_stay_and_forget_their_owner()
    {
        await using var cluster = await StartAsync();
        var owner = await MapAsync(cluster, "owner");
        await MapAsync(cluster, "child", owners: owner);
        await cluster.Client.DeleteAsync(owner.Ref(), new DeleteOptions { PropagationPolicy = "Orphan" }, default);
        await UntilMaps(cluster, "child");
        (await cluster.Client.GetAsync<ConfigMap>("default", "child", default)).Metadata.OwnerReferences.ShouldBeNull();
    }

    [Fact]
    public async Task A_deleted_namespace_goes_with_all_that_is_in_it()
    {
        await using var cluster = await StartAsync();
        var ns = await cluster.Client.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = "team" } }, default);
        await cluster.Client.CreateAsync(new ConfigMap { Metadata = new ObjectMeta { Name = "m", Namespace = "team" } }, default);
        await cluster.Client.CreateAsync(new Secret { Metadata = new ObjectMeta { Name = "s", Namespace = "team", Finalizers = ["example.com/hold"] } }, default);
        await cluster.Client.DeleteAsync(ns.Ref(), DeleteOptions.Default, default);
        var waiting = await ControllerCluster.Until(
            () => cluster.Client.GetAsync<Namespace>(null, "team", default), n => n.Status!.Conditions?.Any(c => c.Type == "NamespaceFinalizersRemaining" && c.Status == "True") == true, "what holds it is named");
        waiting.Status!.Conditions!.First(c => c.Type == "NamespaceFinalizersRemaining").Message
            .ShouldBe("Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances");
        await cluster.Client.PatchAsync(new ObjectRef(Secret.Type, "team", "s"), KubePatch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray() } }), default);
        await ControllerCluster.Until(() => cluster.Client.FindAsync<Namespace>(null, "team", default), n => n is null, "the namespace is gone");
        (await cluster.Client.ListAsync<ConfigMap>("team", ListOptions.All, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_namespace_has_its_default_account_and_the_authority_again_when_they_are_deleted()
    {
        await using var cluster = await StartAsync();
        await cluster.Client.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = "team" } }, default);
        await ControllerCluster.Until(() => cluster.Client.FindAsync<ConfigMap>("team", "kube-root-ca.crt", default), m => m?.Data?["ca.crt"] == "PEM", "the authority is there");
        var account = await ControllerCluster.Until(() => cluster.Client.FindAsync<ServiceAccount>("team", "default", default), a => a is not null, "the account is there");
        await cluster.Client.DeleteAsync(account!.Ref(), DeleteOptions.Default, default);
        await ControllerCluster.Until(() => cluster.Client.FindAsync<ServiceAccount>("team", "default", default), a => a is not null && a.Metadata.Uid != account!.Metadata.Uid, "the account is there again");
    }

    [Fact]
    public async Task Pods_of_a_node_that_no_longer_exists_are_removed()
    {
        await using var cluster = await StartAsync();
        var node = await cluster.NodeAsync("a");
        await cluster.PodAsync("p", change: p => p["spec"]!["nodeName"] = "a");
        await cluster.Client.DeleteAsync(node.Ref(), DeleteOptions.Default, default);
        await ControllerCluster.Until(() => cluster.Client.FindAsync<Pod>("default", "p", default), p => p is null, "the pod is gone");
    }

    private static Task<ConfigMap> MapAsync(ControllerCluster cluster, string name, string? finalizer = null, bool block = false, params ConfigMap[] owners) =>
        cluster.Client.CreateAsync(new ConfigMap
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = "default",
                Finalizers = finalizer is null ? null : [finalizer],
                OwnerReferences = owners.Length == 0 ? null : [.. owners.Select(o => new OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = o.Metadata.Name!, Uid = o.Metadata.Uid!, BlockOwnerDeletion = block ? true : null })],
            },
        }, default);

    private static Task<string> UntilMaps(ControllerCluster cluster, params string[] names) => ControllerCluster.Until(
        async () => string.Join(' ', (await cluster.Client.ListAsync<ConfigMap>("default", ListOptions.All, default)).Select(m => m.Metadata.Name).Where(n => n != "kube-root-ca.crt")),
        found => found == string.Join(' ', names), $"only [{string.Join(' ', names)}] are left");
}
