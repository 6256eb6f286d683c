using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.ApiServer.Http;

internal sealed partial class FrontHandler
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFailed(Exception exception, string method, string path);
}
