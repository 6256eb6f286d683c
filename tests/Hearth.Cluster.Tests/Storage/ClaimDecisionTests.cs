using Hearth.Cluster.Storage;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.Tests.Storage;

public sealed class ClaimDecisionTests
{
    private static readonly StorageClass Waiting = new() { Metadata = new() { Name = "gp3" }, Provisioner = "ebs.csi.aws.com", VolumeBindingMode = "WaitForFirstConsumer" };
    private static readonly StorageClass Immediate = new() { Metadata = new() { Name = "fsx" }, Provisioner = "fsx.csi.aws.com", VolumeBindingMode = "Immediate" };

    [Fact]
    public void A_waiting_class_provisions_in_the_zone_of_the_first_pod()
    {
        ClaimDecision.For(Claim("gp3"), [], [Waiting], null).ShouldBeOfType<ClaimDecision.Wait>().Reason.ShouldBe("WaitForFirstConsumer");
        ClaimDecision.For(Claim("gp3"), [], [Waiting], "us-west-2a").ShouldBe(new ClaimDecision.Provision(Waiting, "us-west-2a"));
    }

    [Fact]
    public void An_immediate_class_provisions_at_once() =>
        ClaimDecision.For(Claim("fsx"), [], [Immediate], null).ShouldBe(new ClaimDecision.Provision(Immediate, null));

    [Fact]
    public void The_smallest_volume_that_fits_is_taken()
    {
        PersistentVolume[] volumes = [Volume("big", "20Gi"), Volume("small", "5Gi"), Volume("right", "10Gi"), Volume("taken", "10Gi") with { Status = new() { Phase = "Bound" } }];

        ClaimDecision.For(Claim(""), volumes, [], null).ShouldBeOfType<ClaimDecision.Bind>().Volume.Metadata.Name.ShouldBe("right");
    }

    [Fact]
    public void A_volume_in_another_zone_is_no_match()
    {
        var far = Volume("far", "10Gi");
        far = far with { Spec = far.Spec! with { StorageClassName = "gp3", NodeAffinity = new() { Required = new() { NodeSelectorTerms = [new() { MatchExpressions = [new() { Key = "topology.kubernetes.io/zone", Operator = "In", Values = ["us-west-2b"] }] }] } } } };

        ClaimDecision.For(Claim("gp3"), [far], [Waiting], "us-west-2a").ShouldBeOfType<ClaimDecision.Provision>();
        ClaimDecision.For(Claim("gp3"), [far], [Waiting], "us-west-2b").ShouldBeOfType<ClaimDecision.Bind>();
    }

    [Theory]
    [InlineData("nope", "storageclass.storage.k8s.io \"nope\" not found")]
    [InlineData(null, "no persistent volumes available for this claim and no storage class is set")]
    public void What_is_missing_is_said(string? storageClass, string message) =>
        ClaimDecision.For(Claim(storageClass), [], [Waiting], "z").ShouldBeOfType<ClaimDecision.Wait>().Message.ShouldBe(message);

    private static PersistentVolumeClaim Claim(string? storageClass) => new()
    {
        Metadata = new ObjectMeta { Name = "c", Namespace = "ns", Uid = "u" },
        Spec = new ClaimSpec
        {
            StorageClassName = storageClass, AccessModes = ["ReadWriteOnce"],
            Resources = new() { Requests = new Dictionary<string, Quantity> { ["storage"] = Quantity.Parse("8Gi") } },
        },
    };

    private static PersistentVolume Volume(string name, string size) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new PersistentVolumeSpec { AccessModes = ["ReadWriteOnce"], StorageClassName = "", Capacity = new Dictionary<string, Quantity> { ["storage"] = Quantity.Parse(size) } },
        Status = new() { Phase = "Available" },
    };
}
