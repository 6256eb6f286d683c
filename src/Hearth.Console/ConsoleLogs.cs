using System.Text.RegularExpressions;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Http;

namespace Hearth.Console;

/// <summary>Serves the end of a driver's log (<c>GET /log?ns=&amp;pod=&amp;stream=</c>) while its pod is there.</summary>
internal sealed partial class ConsoleLogs(IKubeClient client)
{
    private const int Lines = 200;
    private const int MaxBytes = 256 * 1024;

    public async Task ServeAsync(HttpContext context)
    {
        var (ns, pod) = (context.Request.Query["ns"].ToString(), context.Request.Query["pod"].ToString());
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (!Name().IsMatch(ns) || !Name().IsMatch(pod))
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, "ns and pod must be names of Kubernetes").ConfigureAwait(false);
            return;
        }

        try
        {
            var options = new LogOptions { TailLines = Lines, LimitBytes = MaxBytes, Stream = context.Request.Query["stream"] == "stderr" ? "Stderr" : "Stdout", Container = "spark-kubernetes-driver" };
            var log = await client.LogAsync(ns, pod, options, context.RequestAborted).ConfigureAwait(false);
            await using (log.ConfigureAwait(false))
            {
                await log.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (KubeException e)
        {
            await AnswerAsync(context, e.Code is >= 400 and < 500 ? e.Code : StatusCodes.Status503ServiceUnavailable, e.IsNotFound ? "the pod is gone; its log is where the run keeps its logs" : e.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The browser left.
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
