using System.Net;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Http;
using Hearth.Cluster.ApiServer.Pki;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.ApiServer;

/// <summary>A running API server: HTTPS for everybody outside, clients without HTTP for the platform itself.</summary>
public sealed partial class KubeApiServer : IAsyncDisposable
{
    private const int MaxStreamsPerConnection = 1000;
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly ClusterKeys _keys;
    private readonly CancellationTokenSource _stopping;

    private KubeApiServer(WebApplication app, ApiCore core, ClusterKeys keys, CancellationTokenSource stopping, int port)
    {
        (_app, Core, _keys, _stopping, Port) = (app, core, keys, stopping, port);
    }

    /// <summary>The TCP port it listens on.</summary>
    public int Port { get; }

    /// <summary>Certificate of the authority that clients must trust, PEM.</summary>
    public string AuthorityPem => _keys.AuthorityPem;

    /// <summary>Public keys of service-account tokens, a JSON Web Key Set.</summary>
    public System.Text.Json.Nodes.JsonObject ServiceAccountKeys => Core.AccountTokens.KeySet();

    /// <summary>The API behind the front; also the catalogue of served kinds.</summary>
    public ApiCore Core { get; }

    /// <summary>Opens the API over a store and listens.</summary>
    /// <param name="store">Stays the caller's to dispose, after the server.</param>
    /// <param name="options">Where and for whom.</param>
    /// <param name="runtime">Answers for logs.</param>
    /// <param name="time">The clock of timestamps, tokens and certificates.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <exception cref="IOException">The port is taken, or the keys cannot be read or written.</exception>
    public static async Task<KubeApiServer> StartAsync(IObjectStore store, ApiServerOptions options, IPodRuntime runtime, TimeProvider time, CancellationToken ct)
    {
        var keys = new CertificateStore(options.PkiDirectory, time).Load([.. Hosts(options)]);
        var core = await ApiCore.CreateAsync(store, new ApiCoreSettings
        {
            Runtime = runtime,
            Time = time,
            AuthorityPem = keys.AuthorityPem,
            ServiceAccountKey = keys.ServiceAccounts,
            Issuer = options.ServiceAccountIssuer,
            Tokens = options.Tokens,
            Authenticators = options.Authenticators,
            Metrics = options.Metrics,
            Converters = options.Converters,
            YuniKorn = options.YuniKorn,
            LoggerFactory = options.LoggerFactory,
        }, ct).ConfigureAwait(false);
        var stopping = new CancellationTokenSource();
        var app = Build(options, keys, core, stopping.Token);
        try
        {
            await app.StartAsync(ct).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            await core.DisposeAsync().ConfigureAwait(false);
            stopping.Dispose();
            keys.Dispose();
            throw;
        }

        var port = BoundPort(app);
        LogListening(options.LoggerFactory.CreateLogger<KubeApiServer>(), options.Address.ToString(), port);
        return new KubeApiServer(app, core, keys, stopping, port);
    }

    /// <summary>A client in this process that acts as <paramref name="user"/>.</summary>
    public IKubeClient CreateClient(UserInfo user) => Core.CreateClient(user);

    /// <summary>Ends streams, finishes requests, stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(StopGrace);
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await Core.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _keys.Dispose();
    }

    private static IEnumerable<string> Hosts(ApiServerOptions options)
    {
        if (!IPAddress.IsLoopback(options.Address) && !options.Address.Equals(IPAddress.Any) && !options.Address.Equals(IPAddress.IPv6Any))
        {
            yield return options.Address.ToString();
        }

        foreach (var host in options.HostNames)
        {
            yield return host;
        }
    }

    private static WebApplication Build(ApiServerOptions options, ClusterKeys keys, ApiCore core, CancellationToken stopping)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(options.LoggerFactory);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options, keys));
        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(30) });
        app.Run(FrontHandler.Create(core, options, stopping));
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ApiServerOptions options, ClusterKeys keys)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = null; // bodies are limited where they are read, so that the answer is a Status
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Listen(options.Address, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(keys.Server);
        });
    }

    private static int BoundPort(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new Uri(addresses.First()).Port;
    }
}
