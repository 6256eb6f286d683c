using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.ApiServer.Crds;

internal sealed partial class CrdCleanup
{
    [LoggerMessage(1, LogLevel.Error, "Instances of {Definition} could not be deleted; the deletion goes on with the next start")]
    private partial void LogFailed(Exception exception, string definition);
}
