using System.Text.Json.Nodes;

namespace Hearth.Deploy.Tests.Synth;

public sealed class SpecificationTests
{
    private const string Missing = "needs @aws-cdk/aws-service-spec (npm install in tests/Hearth.Deploy.Tests)";
    private static readonly Lazy<Specification?> Loaded = new(Specification.Load);

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Templates_are_what_CloudFormation_takes(string variant)
    {
        Assert.SkipWhen(Loaded.Value is null, Missing);
        Variants.Of(variant).All.SelectMany(Loaded.Value!.Faults).ShouldBeEmpty();
    }

    [Fact]
    public void The_check_finds_what_is_wrong()
    {
        Assert.SkipWhen(Loaded.Value is null, Missing);
        Faults("AWS::EMRContainers::VirtualCluster", """{"Nam":"x","ContainerProvider":{"Type":"EKS","Id":{"Ref":"C"},"Info":{"EksInfo":{}}}}""").ShouldBe(
        [
            "f A: AWS::EMRContainers::VirtualCluster.Name is required",
            "f A: AWS::EMRContainers::VirtualCluster has no property Nam",
            "f A: AWS::EMRContainers::VirtualCluster.ContainerProvider.Info.EksInfo.Namespace is required",
        ], ignoreOrder: true);
        Faults("AWS::EKS::Cluster", """{"RoleArn":"r","ResourcesVpcConfig":{"SubnetIds":"s"}}""").ShouldBe(["f A: AWS::EKS::Cluster.ResourcesVpcConfig.SubnetIds must be a list"]);
        Faults("AWS::No::Such", "{}").ShouldBe(["A: there is no resource type AWS::No::Such"]);
    }

    private static IEnumerable<string> Faults(string type, string properties) => Loaded.Value!.Faults(new Resource("f", "A", type, JsonNode.Parse(properties)!.AsObject(), []));
}
