using System.Text;
using System.Text.Json.Nodes;
using Hearth.Aws.Http;

namespace Hearth.Aws.Eks;

/// <summary>Amazon EKS as far as <c>aws eks update-kubeconfig</c> and cluster listings need it: ListClusters and DescribeCluster.</summary>
internal sealed class EksService(EksCluster cluster, string region, string accountId) : IAwsService
{
    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["eks"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.RestJson;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var path = request.Segments();
        return (request.Method, path) switch
        {
            ("GET", ["clusters"]) => JsonAnswer.WriteAsync(request, new JsonObject { ["clusters"] = new JsonArray(cluster.Name) }),
            ("GET", ["clusters", var name]) when string.Equals(name, cluster.Name, StringComparison.Ordinal) =>
                JsonAnswer.WriteAsync(request, new JsonObject { ["cluster"] = Describe() }),
            ("GET", ["clusters", var name]) => throw new AwsException(404, "ResourceNotFoundException", $"No cluster found for name: {name}."),
            _ => throw AwsException.NotImplemented($"the EKS operation {OperationName(request.Method, path)}"),
        };
    }

    private JsonObject Describe()
    {
        var arn = $"arn:aws:eks:{region}:{accountId}:cluster/{cluster.Name}";
        var tags = new JsonObject();
        foreach (var (key, value) in cluster.Tags)
        {
            tags[key] = value;
        }
        return new JsonObject
        {
            ["name"] = cluster.Name,
            ["arn"] = arn,
            ["createdAt"] = cluster.CreatedAt.ToUnixTimeMilliseconds() / 1000.0,
            ["version"] = cluster.Version,
            ["endpoint"] = cluster.Endpoint.AbsoluteUri.TrimEnd('/'),
            ["roleArn"] = $"arn:aws:iam::{accountId}:role/{cluster.Name}-cluster",
            ["resourcesVpcConfig"] = new JsonObject
            {
                ["subnetIds"] = new JsonArray(), ["securityGroupIds"] = new JsonArray(), ["endpointPublicAccess"] = true, ["endpointPrivateAccess"] = true,
                ["publicAccessCidrs"] = new JsonArray("0.0.0.0/0"),
            },
            ["kubernetesNetworkConfig"] = cluster.ServiceCidr is null ? null : new JsonObject { ["serviceIpv4Cidr"] = cluster.ServiceCidr, ["ipFamily"] = "ipv4" },
            ["status"] = "ACTIVE",
            ["certificateAuthority"] = new JsonObject { ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(cluster.CertificateAuthorityPem)) },
            ["platformVersion"] = "eks.1",
            ["accessConfig"] = new JsonObject { ["authenticationMode"] = "API_AND_CONFIG_MAP" },
            ["tags"] = tags,
        };
    }

    private static string OperationName(string method, IReadOnlyList<string> path) => (method, path) switch
    {
        ("POST", ["clusters"]) => "CreateCluster",
        ("DELETE", ["clusters", _]) => "DeleteCluster",
        ("GET", ["clusters", _, "node-groups"]) => "ListNodegroups",
        ("GET", ["clusters", _, "node-groups", _]) => "DescribeNodegroup",
        ("GET", ["clusters", _, "addons"]) => "ListAddons",
        ("GET", ["clusters", _, "addons", _]) => "DescribeAddon",
        ("GET", ["clusters", _, "access-entries"]) => "ListAccessEntries",
        ("GET", ["clusters", _, "fargate-profiles"]) => "ListFargateProfiles",
        _ => $"{method} /{string.Join('/', path)}",
    };
}
