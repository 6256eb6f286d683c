using System.Text.Json.Nodes;
using Hearth.Aws.Ec2;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;

namespace Hearth.Aws.Amp;

/// <summary>Amazon Managed Service for Prometheus as far as scripts look for the declared workspace. Simulated: there is no Prometheus behind it.</summary>
internal sealed class AmpService(Estate estate, DateTimeOffset created, Authorizer authorizer) : IAwsService
{
    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["aps"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.RestJson;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    private bool Exists => estate.Platform.IsEnabled("amazon-prometheus");

    private string Arn => $"arn:aws:aps:{estate.Platform.Region}:{estate.Platform.AccountId}:workspace/{estate.WorkspaceId}";

    private string Alias => estate.Platform.Monitoring.WorkspaceAlias is { Length: > 0 } alias ? alias : $"amp-ws-{estate.Platform.Name}";

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        switch (request.Method, request.Segments())
        {
            case ("GET", ["workspaces"]):
                authorizer.Require(request, Protocol, "aps:ListWorkspaces", "*");
                var found = Exists && Alias.StartsWith(request.Query["alias"] ?? "", StringComparison.Ordinal);
                return JsonAnswer.WriteAsync(request, new JsonObject { ["workspaces"] = found ? new JsonArray(Summary()) : [] });
            case ("GET", ["workspaces", var id]):
                authorizer.Require(request, Protocol, "aps:DescribeWorkspace", Arn);
                if (!Exists || !string.Equals(id, estate.WorkspaceId, StringComparison.Ordinal))
                {
                    throw new AwsException(404, "ResourceNotFoundException", $"Workspace not found: {id}");
                }

                var workspace = Summary();
                workspace["prometheusEndpoint"] = $"https://aps-workspaces.{estate.Platform.Region}.amazonaws.com/workspaces/{estate.WorkspaceId}/";
                return JsonAnswer.WriteAsync(request, new JsonObject { ["workspace"] = workspace });
            case (_, var path):
                throw AwsException.NotImplemented($"the operation {request.Method} /{string.Join('/', path)} of Amazon Managed Service for Prometheus");
        }
    }

    private JsonObject Summary()
    {
        var tags = new JsonObject();
        foreach (var (key, value) in estate.Platform.Tags)
        {
            tags[key] = value;
        }

        return new JsonObject
        {
            ["workspaceId"] = estate.WorkspaceId,
            ["alias"] = Alias,
            ["arn"] = Arn,
            ["status"] = new JsonObject { ["statusCode"] = "ACTIVE" },
            ["createdAt"] = created.ToUnixTimeSeconds(),
            ["tags"] = tags,
        };
    }
}
