using System.Text;
using System.Text.Json.Nodes;
using Hearth.Aws.Ec2;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;

namespace Hearth.Aws.Eks;

/// <summary>Amazon EKS as far as <c>aws eks update-kubeconfig</c> and scripts need it: the cluster, its node groups, add-ons and access entries. Nothing is changed.</summary>
internal sealed class EksService(EksCluster cluster, string region, string accountId, Estate? estate, Authorizer authorizer, OidcDocuments? oidc) : IAwsService
{
    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["eks"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.RestJson;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    private string Arn => $"arn:aws:eks:{region}:{accountId}:cluster/{cluster.Name}";

    /// <inheritdoc/>
    public bool Authenticates(AwsRequest request, ReadOnlyMemory<byte> body) => request.Method is "GET" && Document(request) is not null;

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        if (Document(request) is { } document)
        {
            return JsonAnswer.WriteAsync(request, document);
        }

        var path = request.Segments();
        var operation = OperationName(request.Method, path);
        if (path is ["clusters", var name, ..])
        {
            authorizer.Require(request, Protocol, $"eks:{operation}", $"arn:aws:eks:{region}:{accountId}:cluster/{name}");
            if (!string.Equals(name, cluster.Name, StringComparison.Ordinal))
            {
                throw new AwsException(404, "ResourceNotFoundException", $"No cluster found for name: {name}.");
            }
        }
        else if (operation is "ListClusters")
        {
            authorizer.Require(request, Protocol, "eks:ListClusters", "*");
        }

        var answer = operation switch
        {
            "ListClusters" => new JsonObject { ["clusters"] = new JsonArray(cluster.Name) },
            "DescribeCluster" => new JsonObject { ["cluster"] = Describe() },
            "ListNodegroups" when estate is not null => NodeGroups.List(estate),
            "DescribeNodegroup" when estate is not null => NodeGroups.Describe(estate, cluster, Arn, path[3]),
            "ListAddons" when estate is not null => Addons.List(estate),
            "DescribeAddon" when estate is not null => Addons.Describe(estate, cluster, Arn, path[3]),
            "ListAccessEntries" when estate is not null => AccessEntries.List(estate),
            _ => throw AwsException.NotImplemented($"the EKS operation {operation}"),
        };
        return JsonAnswer.WriteAsync(request, answer);
    }

    private JsonObject? Document(AwsRequest request) => oidc?.Find(request.RawPath, $"http://{request.Header("Host")}");

    private JsonObject Describe() => new()
    {
        ["name"] = cluster.Name,
        ["arn"] = Arn,
        ["createdAt"] = cluster.CreatedAt.ToUnixTimeMilliseconds() / 1000.0,
        ["version"] = cluster.Version,
        ["endpoint"] = cluster.Endpoint.AbsoluteUri.TrimEnd('/'),
        ["roleArn"] = $"arn:aws:iam::{accountId}:role/{cluster.Name}-cluster",
        ["resourcesVpcConfig"] = Network(),
        ["kubernetesNetworkConfig"] = cluster.ServiceCidr is null ? null : new JsonObject { ["serviceIpv4Cidr"] = cluster.ServiceCidr, ["ipFamily"] = "ipv4" },
        ["identity"] = cluster.OidcIssuer is { } issuer ? new JsonObject { ["oidc"] = new JsonObject { ["issuer"] = issuer } } : null,
        ["status"] = "ACTIVE",
        ["certificateAuthority"] = new JsonObject { ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(cluster.CertificateAuthorityPem)) },
        ["platformVersion"] = "eks.1",
        ["health"] = new JsonObject { ["issues"] = new JsonArray() },
        ["accessConfig"] = new JsonObject { ["authenticationMode"] = "API_AND_CONFIG_MAP" },
        ["tags"] = EksJson.Map(cluster.Tags),
    };

    private JsonObject Network()
    {
        var result = new JsonObject
        {
            ["subnetIds"] = EksJson.List(estate?.Subnets.Where(s => s.Declared.Kind is not "public").Select(s => s.Id) ?? []),
            ["securityGroupIds"] = EksJson.List(estate is null ? [] : [estate.NodeSecurityGroup.Id]),
            ["endpointPublicAccess"] = estate?.Platform.Network.PublicApi ?? true,
            ["endpointPrivateAccess"] = true,
            ["publicAccessCidrs"] = EksJson.List(estate?.Platform.Network.PublicApiCidrs ?? ["0.0.0.0/0"]),
        };
        if (estate is not null)
        {
            result["clusterSecurityGroupId"] = estate.ClusterSecurityGroup.Id;
            result["vpcId"] = estate.VpcId;
        }

        return result;
    }

    private static string OperationName(string method, IReadOnlyList<string> path) => (method, path) switch
    {
        ("GET", ["clusters"]) => "ListClusters",
        ("GET", ["clusters", _]) => "DescribeCluster",
        ("POST", ["clusters"]) => "CreateCluster",
        ("DELETE", ["clusters", _]) => "DeleteCluster",
        ("GET", ["clusters", _, "node-groups"]) => "ListNodegroups",
        ("POST", ["clusters", _, "node-groups"]) => "CreateNodegroup",
        ("GET", ["clusters", _, "node-groups", _]) => "DescribeNodegroup",
        ("DELETE", ["clusters", _, "node-groups", _]) => "DeleteNodegroup",
        ("GET", ["clusters", _, "addons"]) => "ListAddons",
        ("POST", ["clusters", _, "addons"]) => "CreateAddon",
        ("GET", ["clusters", _, "addons", _]) => "DescribeAddon",
        ("GET", ["clusters", _, "access-entries"]) => "ListAccessEntries",
        ("GET", ["clusters", _, "access-entries", _]) => "DescribeAccessEntry",
        ("GET", ["clusters", _, "fargate-profiles"]) => "ListFargateProfiles",
        ("GET", ["clusters", _, "pod-identity-associations"]) => "ListPodIdentityAssociations",
        ("POST", ["clusters", _, "pod-identity-associations"]) => "CreatePodIdentityAssociation",
        _ => $"{method} /{string.Join('/', path)}",
    };
}
