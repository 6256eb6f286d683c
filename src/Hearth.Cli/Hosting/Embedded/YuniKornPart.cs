using Hearth.Cluster.ApiServer.Services;
using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.YuniKorn;
using Hearth.Kube.Client;
using Hearth.Platform;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>YuniKorn, where the declaration switches it on.</summary>
internal static class YuniKornPart
{
    private const string Addon = "yunikorn";

    public static bool IsOn(PlatformDeclaration platform) => platform.IsEnabled(Addon);

    /// <summary>The scheduler for the loop of the default one, or null.</summary>
    public static YuniKornScheduler? Start(
        PlatformDeclaration platform, ServiceBackends services, IKubeClient client, ClusterInformers informers, BackgroundWork work, ILoggerFactory log, TimeProvider time)
    {
        if (!IsOn(platform))
        {
            return null;
        }

        var scheduler = new YuniKornScheduler(client, informers, time, log.CreateLogger<YuniKornScheduler>());
        var queues = new QueueConfiguration(client, scheduler, time);
        services.Set(QueueConfiguration.Namespace, YuniKornService.Name, new YuniKornService(scheduler, time).AnswerAsync);
        work.Start("yunikorn", scheduler.RunAsync);
        work.Start("yunikorn queues", queues.RunAsync);
        return scheduler;
    }
}
