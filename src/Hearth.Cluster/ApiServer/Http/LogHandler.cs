using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>Container logs as plain text, unbuffered.</summary>
internal sealed class LogHandler(ApiCore core, CancellationToken stopping)
{
    private const int BufferBytes = 32 * 1024;

    public async Task HandleAsync(HttpContext context, string ns, string pod)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await using var log = await core.Logs.OpenAsync(ns, pod, Options(context.Request.Query), end.Token);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/plain";
        await context.Response.StartAsync(end.Token);
        await context.Response.Body.FlushAsync(end.Token);
        var buffer = new byte[BufferBytes];
        try
        {
            int read;
            while ((read = await log.ReadAsync(buffer, end.Token)) > 0)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The server stops: a clean end of the stream.
        }
    }

    private LogOptions Options(IQueryCollection query)
    {
        var since = QueryOptions.Int(query, "sinceSeconds");
        if (since is null && query["sinceTime"].ToString() is { Length: > 0 } text)
        {
            if (!DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var from))
            {
                throw ApiErrors.BadRequest($"sinceTime: \"{text}\" is not an RFC 3339 time");
            }

            since = Math.Max(1, (long)Math.Ceiling((core.Time.GetUtcNow() - from).TotalSeconds));
        }

        return new LogOptions
        {
            Container = query["container"],
            Follow = QueryOptions.Flag(query, "follow"),
            Previous = QueryOptions.Flag(query, "previous"),
            Timestamps = QueryOptions.Flag(query, "timestamps"),
            TailLines = (int?)QueryOptions.Int(query, "tailLines"),
            SinceSeconds = (int?)since,
            LimitBytes = QueryOptions.Int(query, "limitBytes"),
            Stream = query["stream"].ToString() is "Stdout" or "Stderr" ? query["stream"].ToString() : null,
        };
    }
}
