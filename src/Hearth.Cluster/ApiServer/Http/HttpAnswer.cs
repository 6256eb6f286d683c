using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>Short answers.</summary>
internal static class HttpAnswer
{
    public const string Json = "application/json";

    public static async Task WriteTreeAsync(this HttpContext context, int code, JsonNode tree, string contentType = Json)
    {
        var bytes = ObjectCodec.Utf8(tree);
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    public static async Task WriteTextAsync(this HttpContext context, string text, string contentType = "text/plain; charset=utf-8")
    {
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>The Status of an error; nothing when the answer has begun already.</summary>
    public static Task WriteErrorAsync(this HttpContext context, KubeException error)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Headers.Remove("Content-Length");
        if (error.Details?["retryAfterSeconds"] is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToJsonString();
        }

        return context.WriteTreeAsync(error.Code, ApiErrors.ToStatus(error));
    }

    /// <summary>Tells the client's user something beside the answer.</summary>
    public static void AddWarnings(this HttpContext context, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            var quoted = warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            context.Response.Headers.Append("Warning", $"299 - \"{quoted}\"");
        }
    }
}
