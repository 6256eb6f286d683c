using System.Security.Cryptography;
using Hearth.Aws.Signing;
using Hearth.Cli.CommandLine;
using Hearth.Console;
using Hearth.Kube.Config;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>
/// The embedded platform in this process: the cluster (store, API server, controllers, nodes), the job room, the AWS endpoint and the console,
/// started in the order in which they need each other.
/// </summary>
internal sealed class EmbeddedPlatform : IPlatformHost
{
    private FileLog? _log;
    private BackgroundWork? _work;
    private ClusterPart? _cluster;
    private AwsPart? _aws;
    private ConsoleServer? _console;

    public async Task<PlatformEndpoints> StartAsync(PlatformOptions options, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var home = options.Home ?? throw new CliException("the installation's directory is unknown", "Start Hearth with the `hearth` script of its checkout.");
        var paths = new DataPaths(options.DataDirectory);
        _log = new FileLog(paths.LogFile, LogLevel.Information, time);
        _work = new BackgroundWork(_log.CreateLogger("Platform"));
        var lasting = FileCredentialStore.Open(paths.Credentials, options.Platform.AccountId, options.Platform.Teams.Select(t => t.Name));
        var sessions = SessionTokens.Open(paths.SessionKey);
        var credentials = new SessionCredentialStore(lasting, sessions);
        try
        {
            _cluster = await ClusterPart.StartAsync(options, paths, credentials, home, _work, _log, time, cancellation).ConfigureAwait(false);
            var identity = await IdentityPart.StartAsync(options.Platform, _cluster, _work, time, cancellation).ConfigureAwait(false);
            _aws = await AwsPart.StartAsync(options, paths, credentials, sessions, identity, _cluster, _work, _log, time, cancellation).ConfigureAwait(false);
            _cluster.StartNodes(_aws, identity, _work);
            _console = await ConsoleServer.StartAsync(Console(options), _cluster.Client, _log, cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new CliException(e.Message, "Give other ports with --kubernetes-port, --aws-port and --console-port; 0 picks a free one.");
        }

        WriteClientFiles(options, paths, lasting);
        return Endpoints(options, paths);
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_console is not null)
        {
            await _console.DisposeAsync().ConfigureAwait(false);
        }

        if (_aws is not null)
        {
            await _aws.StopListeningAsync().ConfigureAwait(false);
        }

        if (_work is not null)
        {
            await _work.StopAsync(cancellation).ConfigureAwait(false);
        }

        if (_aws is not null)
        {
            await _aws.DisposeAsync().ConfigureAwait(false);
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync().ConfigureAwait(false);
        }

        (_console, _aws, _cluster) = (null, null, null);
        _log?.Dispose();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    private static ConsoleOptions Console(PlatformOptions options) => new()
    {
        Address = options.Address,
        Port = options.ConsolePort,
        Platform = options.Platform.Name,
        Token = RandomNumberGenerator.GetHexString(32, lowercase: true),
    };

    private void WriteClientFiles(PlatformOptions options, DataPaths paths, FileCredentialStore credentials)
    {
        AwsProfiles.Write(paths.AwsDirectory, credentials.All, options.Platform.Region, _aws!.Address);
        var entry = new KubeconfigEntry
        {
            Name = options.Platform.Name, Server = _cluster!.Address, CertificateAuthority = _cluster.CertificateAuthorityPem, Token = _cluster.AdminToken,
        };
        Kubeconfig.Empty().With(entry).Write(paths.Kubeconfig);
    }

    private PlatformEndpoints Endpoints(PlatformOptions options, DataPaths paths) => new()
    {
        Platform = options.Platform.Name,
        Blueprint = options.Source,
        Region = options.Platform.Region,
        AccountId = options.Platform.AccountId,
        Kubernetes = _cluster!.Address.ToString().TrimEnd('/'),
        Aws = _aws!.Address.ToString().TrimEnd('/'),
        Console = _console!.Url,
        Kubeconfig = paths.Kubeconfig,
        AwsConfigFile = Path.Combine(paths.AwsDirectory, "config"),
        AwsCredentialsFile = Path.Combine(paths.AwsDirectory, "credentials"),
        AwsProfile = AwsProfiles.AdminProfile,
        Sandbox = _cluster.Sandbox,
        Limits = _cluster.Limits,
    };
}
