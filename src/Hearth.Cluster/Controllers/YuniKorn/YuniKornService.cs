using System.Text;
using Hearth.Scheduling.YuniKorn.Rest;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.Controllers.YuniKorn;

/// <summary>YuniKorn's REST API behind the Service <c>yunikorn-service</c>, reached through the Kubernetes API's proxy.</summary>
public sealed class YuniKornService(YuniKornScheduler scheduler, TimeProvider time)
{
    /// <summary>Name of the Service.</summary>
    public const string Name = "yunikorn-service";

    private const int LongestText = 1 << 20;
    private readonly DateTimeOffset _started = time.GetUtcNow();

    /// <summary>Answers a request; <paramref name="path"/> is what comes after <c>proxy</c>.</summary>
    public async Task AnswerAsync(HttpContext context, string path)
    {
        var ct = context.RequestAborted;
        var answer = (context.Request.Method, path.TrimEnd('/')) switch
        {
            ("GET" or "HEAD", var target) => await scheduler.ReadAsync(
                p => RestApi.Get(target, p, new RestSurroundings(scheduler.Nodes!, scheduler.QueuesText, _started)), ct).ConfigureAwait(false),
            ("POST", "/ws/v1/validate-conf") => RestApi.Validate(await BodyAsync(context, ct).ConfigureAwait(false)),
            _ => RestAnswer.Problem(405, "Method Not Allowed"),
        };
        context.Response.StatusCode = answer.Code;
        context.Response.ContentType = answer.Json is null ? "text/plain; charset=utf-8" : "application/json; charset=UTF-8";
        await context.Response.WriteAsync(answer.Json?.ToJsonString() ?? answer.Text ?? "", ct).ConfigureAwait(false);
    }

    private static async Task<string> BodyAsync(HttpContext context, CancellationToken ct)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var buffer = new char[LongestText];
        var read = await reader.ReadBlockAsync(buffer, ct).ConfigureAwait(false);
        return new string(buffer, 0, read);
    }
}
