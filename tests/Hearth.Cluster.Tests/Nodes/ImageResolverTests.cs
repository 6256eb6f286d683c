using Hearth.Cluster.Nodes.Images;

namespace Hearth.Cluster.Tests.Nodes;

public sealed class ImageResolverTests
{
    private static readonly RuntimeBundle Spark = new("spark", ["hearth"], [], new Dictionary<string, string>(), []);

    [Theory]
    [InlineData("895885662937.dkr.ecr.us-west-2.amazonaws.com/spark/emr-6.15.0:latest", "spark")]
    [InlineData("895885662937.dkr.ecr.us-west-2.amazonaws.com/notebook-spark/emr-7.2.0:latest", "spark")]
    [InlineData("public.ecr.aws/emr-on-eks/spark/emr-7.9.0:latest", "spark")]
    [InlineData("apache/spark:3.5.3-python3", "spark")]
    [InlineData("busybox", "host-userland")]
    [InlineData("docker.io/library/busybox:1.36@sha256:0123", "host-userland")]
    [InlineData("public.ecr.aws/docker/library/alpine", "host-userland")]
    [InlineData("registry.k8s.io/pause:3.7", "host-pause")]
    [InlineData("localhost:5000/pause", "host-pause")]
    [InlineData("nginx:latest", null)]
    [InlineData("example.com/spark-history", null)]
    public void An_image_stands_for_what_its_repository_says(string image, string? bundle) =>
        new ImageResolver(Spark).Resolve(image)?.Name.ShouldBe(bundle);
}
