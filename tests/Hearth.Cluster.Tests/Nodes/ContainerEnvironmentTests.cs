using Hearth.Cluster.Nodes.Containers;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.Tests.Nodes;

public sealed class ContainerEnvironmentTests
{
    private static readonly ConfigLookup NoSettings = new(_ => null, _ => null);

    private static readonly Pod Pod = new()
    {
        Metadata = new ObjectMeta { Name = "p", Namespace = "ns", Uid = "u", Labels = new Dictionary<string, string> { ["app"] = "x", ["a"] = "1" } },
        Spec = new PodSpec { NodeName = "n" },
        Status = new PodStatus { PodIP = "127.64.0.1" },
    };

    // The rows of $(VAR) expansion in Kubernetes' API documentation of EnvVar.value and Container.args.
    [Theory]
    [InlineData("$(A)-$(B)", "1-2")]
    [InlineData("$(MISSING)", "$(MISSING)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$$$(A)", "$1")]
    [InlineData("$A", "$A")]
    [InlineData("$(A", "$(A")]
    [InlineData("cost: 5$", "cost: 5$")]
    [InlineData("", "")]
    public void References_are_expanded_as_the_kubelet_does(string text, string expected) =>
        ContainerEnvironment.Expand(text, new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" }).ShouldBe(expected);

    [Theory]
    [InlineData("metadata.name", "p")]
    [InlineData("metadata.labels['app']", "x")]
    [InlineData("metadata.labels", "a=\"1\"\napp=\"x\"")]
    [InlineData("metadata.annotations['none']", "")]
    [InlineData("spec.nodeName", "n")]
    [InlineData("status.podIP", "127.64.0.1")]
    public void Fields_of_the_pod_are_known_by_their_downward_api_names(string path, string expected) =>
        ContainerEnvironment.Field(Pod, path).ShouldBe(expected);

    [Fact]
    public void An_unknown_field_is_refused_by_name() =>
        Should.Throw<ContainerConfigException>(() => ContainerEnvironment.Field(Pod, "spec.foo")).Message.ShouldContain("spec.foo");

    [Fact]
    public void Later_sources_win_and_later_variables_see_earlier_ones()
    {
        var container = new Container
        {
            Name = "c",
            EnvFrom = [new EnvFromSource { Prefix = "M_", ConfigMapRef = new LocalReference { Name = "settings" } }],
            Env = [new EnvVar { Name = "PATH", Value = "/x:$(PATH)" }, new EnvVar { Name = "BOTH", Value = "$(M_k)+$(PATH)" }],
        };
        var lookup = new ConfigLookup(n => n == "settings" ? new Dictionary<string, string> { ["k"] = "v" } : null, _ => null);

        var result = ContainerEnvironment.Build(Pod, container, [new("PATH", "/bin")], lookup);

        result["PATH"].ShouldBe("/x:/bin");
        result["BOTH"].ShouldBe("v+/x:/bin");
    }

    [Theory]
    [InlineData(false, "secret \"s\" not found")]
    [InlineData(true, null)]
    public void A_missing_secret_stops_the_container_unless_it_is_optional(bool optional, string? error)
    {
        var container = new Container { Env = [new EnvVar { Name = "P", ValueFrom = new EnvVarSource { SecretKeyRef = new KeySelector { Name = "s", Key = "k", Optional = optional } } }] };

        if (error is null)
        {
            ContainerEnvironment.Build(Pod, container, [], NoSettings).ShouldNotContainKey("P");
        }
        else
        {
            Should.Throw<ContainerConfigException>(() => ContainerEnvironment.Build(Pod, container, [], NoSettings)).Message.ShouldBe(error);
        }
    }

    [Theory]
    [InlineData("requests.cpu", "1", "2")]
    [InlineData("requests.cpu", "1m", "1500")]
    [InlineData("limits.memory", "1Mi", "1024")]
    [InlineData("limits.memory", null, "1073741824")]
    public void Resources_are_counted_in_divisors_rounded_up(string resource, string? divisor, string expected)
    {
        var container = new Container
        {
            Resources = new ResourceRequirements
            {
                Requests = new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse("1500m") },
                Limits = new Dictionary<string, Quantity> { ["memory"] = Quantity.Parse("1Gi") },
            },
        };

        ContainerEnvironment.Resource(container, new ResourceFieldSelector { Resource = resource, Divisor = divisor is null ? null : Quantity.Parse(divisor) }).ShouldBe(expected);
    }
}
