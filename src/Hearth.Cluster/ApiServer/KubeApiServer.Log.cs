using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.ApiServer;

public sealed partial class KubeApiServer
{
    [LoggerMessage(1, LogLevel.Information, "Kubernetes API listens on {Address}:{Port}")]
    private static partial void LogListening(ILogger logger, string address, int port);
}
