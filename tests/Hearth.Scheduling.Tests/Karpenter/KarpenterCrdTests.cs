using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Tests.Karpenter;

public sealed class KarpenterCrdTests
{
    [Fact]
    public void The_kinds_come_as_definitions_with_their_columns()
    {
        var crds = KarpenterCrds.All().ToDictionary(c => c["metadata"]!["name"]!.GetValue<string>());
        crds.Keys.ShouldBe(["nodepools.karpenter.sh", "nodeclaims.karpenter.sh", "ec2nodeclasses.karpenter.k8s.aws", "provisioners.karpenter.sh", "awsnodetemplates.karpenter.k8s.aws"], ignoreOrder: true);
        Columns("nodepools.karpenter.sh").ShouldBe("NodeClass Nodes Ready Age Weight CPU Memory");
        Columns("nodeclaims.karpenter.sh").ShouldBe("Type Capacity Zone Node Ready Age ImageID ID NodePool NodeClass Drifted");
        Columns("ec2nodeclasses.karpenter.k8s.aws").ShouldBe("Ready Age Role");
        Columns("provisioners.karpenter.sh").ShouldBe("Template Ready Age");
        crds.Values.ShouldAllBe(c => c["spec"]!["scope"]!.GetValue<string>() == "Cluster");

        string Columns(string name) => string.Join(' ', crds[name]["spec"]!["versions"]![0]!["additionalPrinterColumns"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()));
    }

    [Fact]
    public void Views_and_definitions_name_the_same_kinds()
    {
        var kinds = KarpenterCrds.All().Select(c => (c["spec"]!["group"]!.GetValue<string>(), c["spec"]!["names"]!["plural"]!.GetValue<string>(), c["spec"]!["names"]!["kind"]!.GetValue<string>()));
        kinds.Take(3).ShouldBe(new[] { NodePool.Type, NodeClaim.Type, Ec2NodeClass.Type }.Select(t => (t.Group, t.Plural, t.Kind)));
    }
}
