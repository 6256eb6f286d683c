using System.Collections.Immutable;
using Hearth.Cluster.Nodes;
using Hearth.Cluster.Nodes.Volumes;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.Nodes;

/// <summary>What a pod asks for in its volumes stays in the directories of its node and its volumes.</summary>
public sealed class VolumePathTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-volumes").FullName;

    private NodeAgentOptions Options => new() { Directory = Path.Combine(_directory, "nodes"), ApiServerPort = 1 };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("/etc")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    public async Task A_node_name_that_is_a_path_gives_no_directory(string node)
    {
        var error = await Should.ThrowAsync<VolumeException>(() => MountAsync(node, "/"));

        error.Message.ShouldContain("is no name of a node");
    }

    [Theory]
    [InlineData("/link")]
    [InlineData("/link/below")]
    [InlineData("link")]
    public async Task A_host_path_through_a_link_that_a_container_made_is_refused(string path)
    {
        var outside = Directory.CreateDirectory(Path.Combine(_directory, "outside", "below")).Parent!;
        File.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(Options.NodeDirectory("n1")).FullName, "link"), outside.FullName);

        var error = await Should.ThrowAsync<VolumeException>(() => MountAsync("n1", path));

        error.Message.ShouldContain("symbolic link");
    }

    [Theory]
    [InlineData("link")]
    [InlineData("link/below/new")]
    [InlineData("dangling")]
    public void A_sub_path_through_a_link_that_a_container_made_is_refused(string path)
    {
        var outside = Directory.CreateDirectory(Path.Combine(_directory, "outside", "below")).Parent!;
        var volume = Directory.CreateDirectory(Path.Combine(_directory, "v")).FullName;
        File.CreateSymbolicLink(Path.Combine(volume, "link"), outside.FullName);
        File.CreateSymbolicLink(Path.Combine(volume, "dangling"), Path.Combine(_directory, "nowhere"));
        var container = new Container { Name = "c", VolumeMounts = [new VolumeMount { Name = "v", MountPath = "/m", SubPath = path }] };
        var pod = Pod("n1", new Volume { Name = "v" });

        Should.Throw<VolumeException>(() => VolumeMounter.Mounts(pod, container, ImmutableDictionary<string, string>.Empty.Add("v", volume), ImmutableDictionary<string, string>.Empty));

        Directory.Exists(Path.Combine(outside.FullName, "below", "new")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_host_path_is_a_directory_of_the_simulated_node()
    {
        var mounted = await MountAsync("n1", "/mnt/k8s-disks/0");

        mounted["v"].ShouldBe(Path.Combine(Options.NodeDirectory("n1"), "mnt/k8s-disks/0"));
        Directory.Exists(mounted["v"]).ShouldBeTrue();
    }

    private Task<IReadOnlyDictionary<string, string>> MountAsync(string node, string path) =>
        new VolumeMounter(null!, Options).MountAsync(Pod(node, new Volume { Name = "v", HostPath = new() { Path = path } }), CancellationToken.None);

    private static Pod Pod(string node, Volume volume) => new()
    {
        Metadata = new() { Name = "p", Namespace = "n", Uid = "u" },
        Spec = new() { NodeName = node, Volumes = [volume], Containers = [] },
    };
}
