using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Aws.Eks;
using Hearth.Aws.Http;
using Hearth.Aws.Iam;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Aws.Tests.Http;

/// <summary>The endpoint on a free port, with one administrator's key, and a client that signs as it is told.</summary>
public class Endpoint : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("hearth-endpoint-");
    private readonly HttpClient client = new();
    private AwsEndpoint endpoint = null!;

    public ObjectStorage Storage { get; private set; } = null!;

    /// <summary>Where bytes are on their way to becoming objects.</summary>
    public string StagingDirectory => Path.Combine(directory.FullName, "s3/.staging");

    /// <summary>Waits for a condition.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>Sends a signed request with a body of another length than it says, and hangs up.</summary>
    public async Task SendRawAsync(string method, string target, int contentLength, string body)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(endpoint.Address.Host, endpoint.Port);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = endpoint.Address.Authority, ["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD",
        };
        Sign("s3", method, target, body, headers);
        headers["content-length"] = contentLength.ToString(CultureInfo.InvariantCulture);
        var lines = headers.Select(h => $"{h.Key}: {h.Value}\r\n");
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\n{string.Concat(lines)}\r\n{body}"));
        if (body.Length >= contentLength)
        {
            await stream.ReadExactlyAsync(new byte[12]);
        }
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => endpoint.Address;

    /// <summary>What is behind emr-containers: nothing, unless a fixture puts something there.</summary>
    protected virtual IJobService Jobs { get; } = new NoJobs();

    /// <summary>The keys that are believed.</summary>
    internal virtual ICredentialStore Believed { get; } = new Keys(Keys.Admin);

    /// <summary>Whose key signs.</summary>
    internal virtual AwsCredential Signer => Keys.Admin;

    /// <summary>The users that IAM knows.</summary>
    protected virtual IEnumerable<IamUser> Users => Teams.Values.Distinct().Select(Member);

    /// <summary>Teams by namespace.</summary>
    protected virtual IReadOnlyDictionary<string, string> Teams { get; } = new Dictionary<string, string>();

    public virtual async ValueTask InitializeAsync()
    {
        Storage = ObjectStorage.Open(Path.Combine(directory.FullName, "s3"), Path.Combine(directory.FullName, "meta"), TimeProvider.System);
        Storage.CreateBucket("data");
        var options = new AwsEndpointOptions
        {
            Region = "us-west-2",
            AccountId = Keys.Account,
            NamespaceTeams = Teams,
            Identities = new MemoryIdentityStore(users: Users),
            Cluster = new EksCluster
            {
                Name = "c", Endpoint = new Uri("https://127.0.0.1:1"), CertificateAuthorityPem = "", Version = "1.33", CreatedAt = DateTimeOffset.UnixEpoch,
            },
        };
        endpoint = await AwsEndpoint.StartAsync(options, Believed, Storage, Jobs, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }

    /// <summary>A user who may do with EMR on EKS what belongs to its team, and make more.</summary>
    private static IamUser Member(string team) => new()
    {
        Spec = new IamUserSpec
        {
            UserName = team,
            Team = team,
            Policies =
            [
                new InlinePolicy("jobs", JsonNode.Parse("""
                    {"Version":"2012-10-17","Statement":[
                     {"Effect":"Allow","Action":"emr-containers:*","Resource":"*","Condition":{"StringEquals":{"hearth:team":"TEAM"}}},
                     {"Effect":"Allow","Action":["emr-containers:ListVirtualClusters","emr-containers:ListJobTemplates","emr-containers:ListSecurityConfigurations","emr-containers:CreateJobTemplate","emr-containers:CreateSecurityConfiguration","iam:PassRole"],"Resource":"*"}]}
                    """.Replace("TEAM", team, StringComparison.Ordinal))!.AsObject()),
            ],
        },
    };

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        client.Dispose();
        await endpoint.DisposeAsync();
        Storage.Dispose();
        directory.Delete(recursive: true);
    }

    /// <summary>Sends a request signed for a service; null: not signed.</summary>
    public async Task<(int Status, string Body, HttpResponseHeaders Headers, HttpHeaders All)> SendAsync(
        string? service, string method, string target, string body = "", (string Name, string Value)[]? headers = null, string? host = null)
    {
        // Escapes must go out as they are written.
        var uri = new Uri(endpoint.Address.AbsoluteUri.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (body.Length > 0 || method is "PUT" or "POST")
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = host ?? uri.Authority };
        foreach (var (name, value) in headers ?? [])
        {
            all[name.ToLowerInvariant()] = value;
        }
        if (service is not null)
        {
            Sign(service, method, target, body, all);
        }
        foreach (var (name, value) in all)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var everything = new AllHeaders();
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            everything.TryAddWithoutValidation(name, values);
        }
        return ((int)answer.StatusCode, text, answer.Headers, everything);
    }

    private void Sign(string service, string method, string target, string body, SortedDictionary<string, string> headers)
    {
        var now = DateTime.UtcNow;
        var (date, timestamp) = (now.ToString("yyyyMMdd", CultureInfo.InvariantCulture), now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        headers["x-amz-date"] = timestamp;
        var hash = CanonicalRequest.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        if (service is "s3" && !headers.ContainsKey("x-amz-content-sha256"))
        {
            headers["x-amz-content-sha256"] = hash;
        }
        var payload = headers.GetValueOrDefault("x-amz-content-sha256", hash);
        var question = target.IndexOf('?');
        QueryParameters query;
        try
        {
            query = QueryParameters.Parse(question < 0 ? "" : target[(question + 1)..]);
        }
        catch (AwsException)
        {
            query = QueryParameters.Empty;
        }
        var names = headers.Keys.ToArray();
        var canonical = CanonicalRequest.Build(method, question < 0 ? target : target[..question], query, names, n => headers[n], payload, service is "s3");
        var scope = $"{date}/us-west-2/{service}/aws4_request";
        var signature = SigningKey.Derive(Signer.SecretAccessKey, date, "us-west-2", service).Sign(CanonicalRequest.StringToSign(timestamp, scope, canonical));
        headers["Authorization"] = $"AWS4-HMAC-SHA256 Credential={Signer.AccessKeyId}/{scope}, SignedHeaders={string.Join(';', names)}, Signature={signature}";
    }

    /// <summary>Headers of an answer and of its content together.</summary>
    private sealed class AllHeaders : HttpHeaders;

    /// <summary>A job service without anything in it.</summary>
    private sealed class NoJobs : IJobService
    {
        public Task<VirtualClusterDescription> CreateVirtualClusterAsync(CreateVirtualClusterRequest request, JobCaller caller, CancellationToken ct) =>
            throw new JobValidationException("1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null");

        public Task<VirtualClusterDescription> DescribeVirtualClusterAsync(string id, CancellationToken ct) =>
            throw new JobNotFoundException($"Virtual cluster {id} doesn't exist.");

        public Task<JobPage<VirtualClusterDescription>> ListVirtualClustersAsync(ListVirtualClustersRequest request, CancellationToken ct) =>
            request.MaxResults == 99 ? throw new InvalidOperationException("a fault") : Task.FromResult(new JobPage<VirtualClusterDescription>([], request.NextToken));

        public Task<string> DeleteVirtualClusterAsync(string id, CancellationToken ct) => Task.FromResult(id);

        public Task<JobRunDescription> StartJobRunAsync(StartJobRunRequest request, JobCaller caller, CancellationToken ct) =>
            throw new JobConflictException("The client token was used with another request.");

        public Task<JobRunDescription> DescribeJobRunAsync(string virtualClusterId, string id, CancellationToken ct) =>
            throw new JobNotFoundException($"Job run {id} doesn't exist.");

        public Task<JobPage<JobRunDescription>> ListJobRunsAsync(ListJobRunsRequest request, CancellationToken ct) =>
            throw new JobNotFoundException($"{request.CreatedAfter:O} {string.Join(',', request.States ?? [])}");

        public Task<string> CancelJobRunAsync(string virtualClusterId, string id, CancellationToken ct) => Task.FromResult(id);

        public Task<VirtualClusterDescription> UpdateVirtualClusterAsync(UpdateVirtualClusterRequest request, CancellationToken ct) => throw Nothing();

        public Task<JobTemplateDescription> CreateJobTemplateAsync(CreateJobTemplateRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

        public Task<JobTemplateDescription> DescribeJobTemplateAsync(string id, CancellationToken ct) => throw Nothing();

        public Task<JobPage<JobTemplateDescription>> ListJobTemplatesAsync(ListJobTemplatesRequest request, CancellationToken ct) => throw Nothing();

        public Task<string> DeleteJobTemplateAsync(string id, CancellationToken ct) => throw Nothing();

        public Task<EndpointDescription> CreateManagedEndpointAsync(CreateManagedEndpointRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

        public Task<EndpointDescription> DescribeManagedEndpointAsync(string virtualClusterId, string id, CancellationToken ct) => throw Nothing();

        public Task<JobPage<EndpointDescription>> ListManagedEndpointsAsync(ListManagedEndpointsRequest request, CancellationToken ct) => throw Nothing();

        public Task<string> DeleteManagedEndpointAsync(string virtualClusterId, string id, CancellationToken ct) => throw Nothing();

        public Task<SessionCredentials> GetSessionCredentialsAsync(GetManagedEndpointSessionCredentialsRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

        public Task<EndpointSessionInfo?> FindSessionAsync(string endpointId, string token, CancellationToken ct) => throw Nothing();

        public Task<IReadOnlyList<EndpointNetwork>> ListEndpointNetworksAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<EndpointNetwork>>([]);

        public Task<SecurityConfigurationDescription> CreateSecurityConfigurationAsync(CreateSecurityConfigurationRequest request, JobCaller caller, CancellationToken ct) => throw Nothing();

        public Task<SecurityConfigurationDescription> DescribeSecurityConfigurationAsync(string id, CancellationToken ct) => throw Nothing();

        public Task<JobPage<SecurityConfigurationDescription>> ListSecurityConfigurationsAsync(ListSecurityConfigurationsRequest request, CancellationToken ct) => throw Nothing();

        public Task<string> DeleteSecurityConfigurationAsync(string id, CancellationToken ct) => throw Nothing();

        public Task<IReadOnlyDictionary<string, string>> ListTagsForResourceAsync(string resourceArn, CancellationToken ct) => throw new JobBadRequestException($"Invalid input resource arn {resourceArn}");

        public Task TagResourceAsync(TagResourceRequest request, CancellationToken ct) => throw Nothing();

        public Task UntagResourceAsync(UntagResourceRequest request, CancellationToken ct) => throw Nothing();

        private static JobNotFoundException Nothing() => new("There is nothing here.");
    }
}
