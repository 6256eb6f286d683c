using Hearth.Kube.Core;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Tests.Resources;

public sealed class PodRequestsTests
{
    private static Container C(string requests, string? restart = null, string limits = "") => new()
    {
        RestartPolicy = restart,
        Resources = new ResourceRequirements { Requests = Build.Resources(requests), Limits = Build.Resources(limits) },
    };

    [Fact]
    public void Containers_add_up_and_the_pod_counts_as_one() =>
        PodRequests.Of(new PodSpec { Containers = [C("cpu=500m,memory=1Gi"), C("cpu=1")] }).ToString()
            .ShouldBe("""{"cpu":"1500m","memory":"1Gi","pods":"1"}""");

    [Fact]
    public void An_init_container_counts_when_it_is_larger_than_the_containers_together() =>
        PodRequests.Of(new PodSpec { Containers = [C("cpu=500m,memory=1Gi"), C("cpu=500m")], InitContainers = [C("cpu=2,memory=512Mi")] }).ToString()
            .ShouldBe("""{"cpu":"2","memory":"1Gi","pods":"1"}""");

    [Fact]
    public void A_sidecar_runs_beside_the_containers_and_beside_later_init_containers() =>
        PodRequests.Of(new PodSpec { Containers = [C("cpu=1")], InitContainers = [C("cpu=3"), C("cpu=500m", "Always"), C("cpu=2900m")] }).MilliCpu.ShouldBe(3400);

    [Fact]
    public void Overhead_is_added() =>
        PodRequests.Of(new PodSpec { Containers = [C("cpu=1")], Overhead = Build.Resources("cpu=250m,memory=120Mi") }).ToString()
            .ShouldBe("""{"cpu":"1250m","memory":"120Mi","pods":"1"}""");

    [Fact]
    public void A_limit_stands_in_for_an_absent_request() =>
        PodRequests.Of(new PodSpec { Containers = [C("cpu=1", limits: "cpu=2,memory=4Gi,nvidia.com/gpu=1")] }).ToString()
            .ShouldBe("""{"cpu":"1","memory":"4Gi","pods":"1","nvidia.com/gpu":"1"}""");

    [Fact]
    public void Scores_take_small_defaults_for_absent_requests()
    {
        var scored = PodRequests.Scored(new PodSpec { Containers = [C(""), C("cpu=1")] });
        (scored.MilliCpu, scored.Memory).ShouldBe((1100, 400L * 1024 * 1024));
    }

    [Fact]
    public void A_vector_fits_when_every_component_does()
    {
        var node = new ResourceVector(4000, 100, 0, 10).With("nvidia.com/gpu", 1);
        new ResourceVector(4000, 100, 0, 1).With("nvidia.com/gpu", 1).FitsIn(node).ShouldBeTrue();
        new ResourceVector(4001, 100, 0, 1).FitsIn(node).ShouldBeFalse();
        new ResourceVector(1, 1, 0, 1).With("nvidia.com/gpu", 2).FitsIn(node).ShouldBeFalse();
        new ResourceVector(1, 1, 0, 1).With("amd.com/gpu", 1).FitsIn(node).ShouldBeFalse();
        (node - node).ShouldBe(ResourceVector.Zero);
        (node + node)["nvidia.com/gpu"].ShouldBe(2);
    }
}
