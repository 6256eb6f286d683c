using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Validation;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <summary>Session credentials of managed endpoints: 256 random bits, shown once and kept as a hash.</summary>
internal sealed class EndpointSessionService(ServiceContext context, ManagedEndpointService endpoints)
{
    private const int DefaultSeconds = 900;
    private const int MostSeconds = 43200;
    private const int TokenBytes = 32;

    /// <inheritdoc cref="IManagedEndpoints.GetSessionCredentialsAsync"/>
    public async Task<SessionCredentials> GetAsync(GetManagedEndpointSessionCredentialsRequest request, JobCaller caller, CancellationToken ct)
    {
        Requests.Check(request, JobsJson.Default.GetManagedEndpointSessionCredentialsRequest);
        var seconds = Duration(request);
        var (clusterId, endpointId) = Identify(request);
        var cluster = await context.ClusterAsync(clusterId, ct).ConfigureAwait(false);
        var endpoint = await endpoints.GetAsync(cluster, endpointId, ct).ConfigureAwait(false);
        Check(request, endpoint);
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var expires = context.Time.GetUtcNow().AddSeconds(seconds);
        var wanted = New(request, caller, endpoint, Hash(token), expires);
        if (request.ClientToken is null)
        {
            var made = await context.Client.CreateAsync(wanted, ct).ConfigureAwait(false);
            return new SessionCredentials(made.Id, token, expires);
        }

        var session = await context.OnceAsync(
            "session credentials", new TokenScope(endpoint.Id, cluster.Namespace), request.ClientToken, RequestDigest.Of(request, JobsJson.Default.GetManagedEndpointSessionCredentialsRequest),
            () => TokensAsync(endpoint, ct), () => context.Client.CreateAsync(wanted, ct), ct).ConfigureAwait(false);
        if (session.Spec.TokenHash != wanted.Spec.TokenHash)
        {
            var spec = new JsonObject { ["tokenHash"] = wanted.Spec.TokenHash, ["expiresAt"] = KubeTimeConverter.ToText(expires) };
            await context.Client.PatchAsync(session.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = spec }), ct).ConfigureAwait(false);
        }

        return new SessionCredentials(session.Id, token, expires);
    }

    /// <inheritdoc cref="IManagedEndpoints.FindSessionAsync"/>
    public async Task<EndpointSessionInfo?> FindAsync(string endpointId, string token, CancellationToken ct)
    {
        var hash = Hash(token);
        var all = await context.Client.ListAsync<EndpointSession>(null, ListOptions.All, ct).ConfigureAwait(false);
        var session = all.FirstOrDefault(s => s.Spec.EndpointId == endpointId && Equal(s.Spec.TokenHash, hash));
        if (session is null || !(session.Spec.ExpiresAt > context.Time.GetUtcNow()))
        {
            return null;
        }

        var endpoint = await context.Client.FindAsync<ManagedEndpoint>(session.Metadata.Namespace, endpointId, ct).ConfigureAwait(false);
        return endpoint?.State == EndpointState.Active
            ? new EndpointSessionInfo(session.Id, endpointId, session.Spec.VirtualClusterId ?? "", session.Spec.ExecutionRoleArn ?? "", session.Spec.ExpiresAt.Value)
            : null;
    }

    private static bool Equal(string? known, string hash) => known is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(known), Encoding.ASCII.GetBytes(hash));

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static int Duration(GetManagedEndpointSessionCredentialsRequest request)
    {
        if (request.CredentialType != "TOKEN")
        {
            throw new JobValidationException($"Credential type {request.CredentialType} is not supported: use TOKEN.", "credentialType");
        }

        var seconds = request.DurationInSeconds ?? DefaultSeconds;
        return seconds is >= 1 and <= MostSeconds
            ? seconds
            : throw new JobValidationException($"durationInSeconds must be from 1 to {MostSeconds}; {seconds} was given.", "durationInSeconds");
    }

    private (string Cluster, string Endpoint) Identify(GetManagedEndpointSessionCredentialsRequest request)
    {
        var cluster = ResourceArn.ClusterIdOf(request.VirtualClusterIdentifier!, context.Options);
        var endpoint = ResourceArn.EndpointIdOf(request.EndpointIdentifier!, context.Options);
        return (cluster, endpoint);
    }

    private static void Check(GetManagedEndpointSessionCredentialsRequest request, ManagedEndpoint endpoint)
    {
        if (endpoint.State != EndpointState.Active)
        {
            throw new JobValidationException($"Managed endpoint {endpoint.Id} is {Descriptions.Word(endpoint.State)}: session credentials are for ACTIVE endpoints.", "endpointIdentifier");
        }

        if (request.ExecutionRoleArn != endpoint.Spec.ExecutionRoleArn)
        {
            throw new JobValidationException($"executionRoleArn must be the execution role of managed endpoint {endpoint.Id}: its kernels run with that role.", "executionRoleArn");
        }
    }

    private static EndpointSession New(GetManagedEndpointSessionCredentialsRequest request, JobCaller caller, ManagedEndpoint endpoint, string hash, DateTimeOffset expires) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = ResourceIds.Long(),
            Namespace = endpoint.Metadata.Namespace,
            Annotations = RequestDigest.Annotation(RequestDigest.Of(request, JobsJson.Default.GetManagedEndpointSessionCredentialsRequest)),
            OwnerReferences = [new OwnerReference { ApiVersion = ManagedEndpoint.Type.ApiVersion, Kind = ManagedEndpoint.Type.Kind, Name = endpoint.Id, Uid = endpoint.Metadata.Uid! }],
        },
        Spec = new EndpointSessionSpec
        {
            EndpointId = endpoint.Id,
            VirtualClusterId = endpoint.Spec.VirtualClusterId,
            ExecutionRoleArn = request.ExecutionRoleArn,
            ClientToken = request.ClientToken,
            CreatedBy = caller.Arn,
            LogContext = request.LogContext,
            TokenHash = hash,
            ExpiresAt = expires,
        },
    };

    private async Task<IEnumerable<KeyValuePair<string, string>>> TokensAsync(ManagedEndpoint endpoint, CancellationToken ct)
    {
        var all = await context.Client.ListAsync<EndpointSession>(endpoint.Metadata.Namespace, ListOptions.All, ct).ConfigureAwait(false);
        return all.Where(s => s.Spec.EndpointId == endpoint.Id && s.Spec.ClientToken is not null)
            .DistinctBy(s => s.Spec.ClientToken, StringComparer.Ordinal)
            .Select(s => KeyValuePair.Create(s.Spec.ClientToken!, s.Id));
    }
}
