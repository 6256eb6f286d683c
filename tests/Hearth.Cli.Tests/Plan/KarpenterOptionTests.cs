using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting.Simulation;

namespace Hearth.Cli.Tests.Plan;

public sealed class KarpenterOptionTests
{
    private static KarpenterOptions Read(params (string Name, string Value)[] environment) => KarpenterOptions.From(name => environment.FirstOrDefault(e => e.Name == name).Value);

    [Fact]
    public void Options_are_read_as_Karpenter_reads_them()
    {
        var usual = Read();
        (usual.Policy.IgnorePreferences, usual.Policy.BestEffortMinValues, usual.SpotToSpot).ShouldBe((false, false, false));
        var other = Read(("PREFERENCE_POLICY", "Ignore"), ("MIN_VALUES_POLICY", "BestEffort"), ("FEATURE_GATES", "NodeRepair=false, SpotToSpotConsolidation=true"));
        (other.Policy.IgnorePreferences, other.Policy.BestEffortMinValues, other.SpotToSpot).ShouldBe((true, true, true));
        Should.Throw<CliException>(() => Read(("MIN_VALUES_POLICY", "Lax"))).Message.ShouldBe("environment: MIN_VALUES_POLICY is Strict or BestEffort, not 'Lax'");
    }
}
