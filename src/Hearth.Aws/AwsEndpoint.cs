using System.Net;
using System.Net.Sockets;
using Hearth.Aws.Amp;
using Hearth.Aws.Athena;
using Hearth.Aws.CloudFormation;
using Hearth.Aws.Ec2;
using Hearth.Aws.Eks;
using Hearth.Aws.Elb;
using Hearth.Aws.EmrContainers;
using Hearth.Aws.Glue;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Api;
using Hearth.Aws.Logs.Api;
using Hearth.Aws.S3;
using Hearth.Aws.S3.Api;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;
using Hearth.Aws.Sts;
using Hearth.Aws.Tables;
using Hearth.Jobs.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Hearth.Aws;

/// <summary>The platform's AWS endpoint: one HTTP port on which all AWS calls arrive, told apart by the service in their signature.</summary>
public sealed class AwsEndpoint : IAsyncDisposable
{
    private const int LongestRequestLine = 32 * 1024;

    // Objects are read from disk while the bytes before them are on their way.
    private const int ResponseBuffer = 1024 * 1024;

    // User metadata of an object may be many small headers: 2 KiB of names of one character.
    private const int MostHeaders = 1200;
    private readonly WebApplication application;

    private AwsEndpoint(WebApplication application, Uri address) => (this.application, Address) = (application, address);

    /// <summary>Base URL, for <c>AWS_ENDPOINT_URL</c>.</summary>
    public Uri Address { get; }

    /// <summary>The port bound.</summary>
    public int Port => Address.Port;

    /// <summary>Starts to listen.</summary>
    /// <param name="options">Where and as what.</param>
    /// <param name="credentials">The keys that are believed.</param>
    /// <param name="storage">Objects of S3; stays the caller's.</param>
    /// <param name="jobs">Behind emr-containers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where unexpected failures are told; never secrets.</param>
    /// <param name="ct">Ends the start.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<AwsEndpoint> StartAsync(
        AwsEndpointOptions options, ICredentialStore credentials, ObjectStorage storage, IJobService jobs,
        TimeProvider time, ILoggerFactory logs, CancellationToken ct)
    {
        credentials = new SessionCredentialStore(credentials, options.Sessions);
        var access = new AccessControl(options.Identities, options.AccountId, time);
        var authorizer = new Authorizer(access);
        var s3 = new S3Options
        {
            Storage = storage,
            Uploads = new MultipartUploads(storage),
            Policy = new IamBucketPolicy(access, storage, options.BucketTeams),
            Region = options.Region,
            AccountId = options.AccountId,
            OwnerId = CanonicalRequest.Hex(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(options.AccountId))),
        };
        IAwsService[] services =
        [
            new S3Service(s3, new PostPolicyVerifier(credentials, options.Region, time)),
            new StsService(authorizer, options.Sessions, options.WebIdentities, credentials, time),
            new IamService(new IamSettings(options.Identities, authorizer, credentials, options.AccountId, options.Cluster.OidcIssuer)),
            new EksService(options.Cluster, options.Region, options.AccountId, options.Estate, authorizer, options.Oidc),
            new EmrContainersService(
                jobs, new IamEmrAccess(access, options.Identities, options.NamespaceTeams),
                new JobServiceOptions { Region = options.Region, AccountId = options.AccountId, ClusterName = options.Cluster.Name }),
        ];
        services = [.. services, .. Further(options, authorizer, time), .. Tables(options, authorizer, s3.Policy, time)];
        var router = new AwsRouter(services, credentials, options.Region, time, logs.CreateLogger<AwsEndpoint>());
        var application = Build(options, logs);
        application.Run(router.HandleAsync);
        try
        {
            await application.StartAsync(ct).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw e is IOException { InnerException: SocketException } or Microsoft.AspNetCore.Connections.AddressInUseException
                ? new IOException($"The AWS port {options.Port} on {options.Address} cannot be used: {e.Message} Choose another with --aws-port, or 0 for a free one.", e)
                : e;
        }
        var bound = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new AwsEndpoint(application, new Uri(bound));
    }

    /// <summary>Stops listening; requests under way may finish for a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await application.StopAsync(patience.Token).ConfigureAwait(false);
        await application.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The services that need something which not every endpoint has.</summary>
    private static IEnumerable<IAwsService> Further(AwsEndpointOptions options, Authorizer authorizer, TimeProvider time)
    {
        if (options.Logs is { } logs)
        {
            yield return new LogsService(new LogSettings(logs, authorizer, options.Region, options.AccountId, time));
        }
        if (options is { Estate: { } estate, KubeClient: { } client })
        {
            var names = new JobServiceOptions
            {
                Region = options.Region, AccountId = options.AccountId, ClusterName = options.Cluster.Name, SubnetIds = estate.SubnetIds("private"),
            };
            yield return new Ec2Service(estate, client, names, authorizer, options.NamespaceTeams);
            yield return new ElbService(estate, client, names, authorizer, options.NamespaceTeams);
            yield return new AmpService(estate, options.Cluster.CreatedAt, authorizer);
            if (options.Stacks is { } stacks)
            {
                yield return new CloudFormationService(stacks, estate.Platform, options.Cluster.CreatedAt, authorizer);
            }
        }
    }

    private static IEnumerable<IAwsService> Tables(AwsEndpointOptions options, Authorizer authorizer, IBucketPolicy buckets, TimeProvider time)
    {
        if (options.Catalogs is { } catalogs)
        {
            var access = new CatalogAccess(catalogs, authorizer, options.Region, options.AccountId);
            yield return new GlueService(access, time);
            if (options.Queries is { } queries)
            {
                yield return new AthenaService(new AthenaSettings(queries, access, buckets, time));
            }
        }
    }

    private static WebApplication Build(AwsEndpointOptions options, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Limits.MaxResponseBufferSize = ResponseBuffer;
            kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
            kestrel.Limits.MaxRequestHeadersTotalSize = 2 * LongestRequestLine;
            kestrel.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.UTF8;
            kestrel.Listen(new IPEndPoint(options.Address, options.Port), listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder.Build();
    }
}
