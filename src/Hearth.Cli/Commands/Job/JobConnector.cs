using Hearth.Aws.Client;
using Hearth.Aws.Signing;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;
using Hearth.Cli.Hosting.Embedded;
using Hearth.Kube.Client;
using Hearth.Kube.Config;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Job;

/// <summary>Opens the clients of the running platform; tests put their own in its place.</summary>
internal interface IJobConnector
{
    /// <exception cref="CliException">No platform runs there.</exception>
    JobPlatform Connect(CliContext context, string? dataDir);
}

/// <summary>Clients of the platform on a data directory, as its administrator.</summary>
internal sealed class JobConnector : IJobConnector
{
    public JobPlatform Connect(CliContext context, string? dataDir)
    {
        var endpoints = RunningPlatform.Require(context, dataDir);
        var data = DataDirectory.Resolve(dataDir, context);
        var admin = Administrator(new DataPaths(data.Path).Credentials);
        var kube = new RestKubeClient(Kubeconfig.Read(endpoints.Kubeconfig).Connection(time: context.Clock));
        var aws = new AwsClient(new Uri(endpoints.Aws), admin, endpoints.Region, context.Clock);
        return new JobPlatform(endpoints.Region, kube, aws, () => RunningPlatform.Find(data) is not null) { Declaration = Declaration(endpoints.Blueprint), Console = endpoints.Console };
    }

    /// <summary>The declaration that the platform was started from, if its file can still be read from here.</summary>
    private static PlatformDeclaration? Declaration(string source)
    {
        try
        {
            return PlatformLoader.Load(source);
        }
        catch (PlatformException)
        {
            return null;
        }
    }

    private static AwsCredential Administrator(string file)
    {
        try
        {
            return FileCredentialStore.Load(file).All.First(c => c.IsAdmin);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new CliException($"the administrator's AWS key cannot be read from {file}: {e.Message}", "Run this as the user who started the platform.");
        }
    }
}
