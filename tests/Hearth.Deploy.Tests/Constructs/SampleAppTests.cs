using Amazon.CDK;
using CdkApp;
using Hearth.Deploy.Tests.Inventory;
using Hearth.Deploy.Tests.Synth;

namespace Hearth.Deploy.Tests.Constructs;

/// <summary>The library as its own product: <c>samples/cdk-app</c>.</summary>
public sealed class SampleAppTests
{
    private static readonly Lazy<Templates> App = new(() => Templates.Synthesise((Action<App>)(app => _ = new DataStack(app, "data"))));

    [Theory]
    [InlineData("AWS::EKS::Cluster", 1)]
    [InlineData("AWS::EKS::Nodegroup", 1)]
    [InlineData("AWS::EMRContainers::VirtualCluster", 2)]
    [InlineData("AWS::EMRContainers::Endpoint", 2)]
    [InlineData("AWS::EMRContainers::JobTemplate", 1)]
    [InlineData("AWS::EMR::Studio", 1)]
    [InlineData("AWS::IAM::ManagedPolicy", 1)]
    public void The_sample_app_uses_every_method_of_the_library(string type, int count) => App.Value.OfType(type).Count().ShouldBe(count);

    [Fact]
    public void Its_template_holds_to_the_rules_of_IAM() => IamRules.IdentityStatements(App.Value).Select(s => IamRules.Fault(s.Statement)).ShouldAllBe(f => f == null);

    /// <summary>The page's code is the sample's, so it compiles.</summary>
    [Fact]
    public void The_page_shows_the_samples_code()
    {
        var page = File.ReadAllLines(Path.Combine(Sources.Root, "docs", "deploy.md"));
        var shown = page.SkipWhile(l => l != "```csharp").Skip(1).TakeWhile(l => l != "```").Select(l => l.Trim()).Where(l => l.Length > 0).ToArray();
        var sample = File.ReadAllLines(Path.Combine(Sources.Root, "samples", "cdk-app", "DataStack.cs")).Select(l => l.Trim()).ToHashSet(StringComparer.Ordinal);

        shown.ShouldNotBeEmpty();
        shown.ShouldBeSubsetOf(sample);
    }
}
