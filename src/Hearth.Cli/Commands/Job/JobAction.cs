using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;
using Hearth.Kube.Client;

namespace Hearth.Cli.Commands.Job;

/// <summary>Runs a command against the platform and turns refusals of its APIs into messages.</summary>
internal static class JobAction
{
    public static async Task<int> RunAsync(CliContext context, string? dataDir, Func<JobPlatform, Task<int>> body)
    {
        using var platform = context.Jobs.Connect(context, dataDir);
        try
        {
            return await body(platform).ConfigureAwait(false);
        }
        catch (AwsClientException e)
        {
            throw new CliException($"{e.Code}: {e.Message}");
        }
        catch (KubeException e)
        {
            throw new CliException(e.Message);
        }
        catch (HttpRequestException e)
        {
            throw new CliException($"the platform does not answer: {e.Message}", "`hearth status` says whether it runs.");
        }
    }
}
