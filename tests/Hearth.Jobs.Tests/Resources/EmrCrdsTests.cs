using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Tests.Resources;

public sealed class EmrCrdsTests
{
    [Fact]
    public void The_definitions_name_their_kinds_and_columns()
    {
        var all = EmrCrds.All().ToDictionary(c => c["metadata"]!["name"]!.ToString());
        all.Keys.ShouldBe([
            "virtualclusters.emr.hearth.dev", "jobruns.emr.hearth.dev", "jobtemplates.emr.hearth.dev", "managedendpoints.emr.hearth.dev", "endpointsessions.emr.hearth.dev",
            "securityconfigurations.emr.hearth.dev",
        ]);
        var columns = all["jobruns.emr.hearth.dev"]["spec"]!["versions"]![0]!["additionalPrinterColumns"]!.AsArray();
        columns.Select(c => c!["name"]!.ToString()).ShouldBe(["Job", "State", "Driver", "Executors", "Age", "Details", "USD"]);
        all["virtualclusters.emr.hearth.dev"]["spec"]!["scope"]!.ToString().ShouldBe("Cluster");
    }
}
