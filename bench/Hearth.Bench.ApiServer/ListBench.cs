using System.Diagnostics;
using System.Text.Json;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Bench.ApiServer;

/// <summary>Listing pods, beside parsing the same answer once with System.Text.Json.</summary>
internal sealed class ListBench(BenchCluster cluster, int pods)
{
    private const string Path = "/api/v1/namespaces/default/pods";
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    public async Task RunAsync()
    {
        Report.Title($"Lists of {pods} pods");
        using var http = cluster.Http();
        var body = await http.GetByteArrayAsync(new Uri(Path, UriKind.Relative));
        var parse = await BestAsync(() =>
        {
            JsonDocument.Parse(body).Dispose();
            return Task.CompletedTask;
        });
        Report.Line($"(limit) parse the answer's {body.Length / 1024.0 / 1024.0:N1} MiB with System.Text.Json", parse, "ms");
        await HttpAsync(http, "whole list over HTTPS", Path, "application/json", parse);
        await HttpAsync(http, "pages of 500, as kubectl asks", Path + "?limit=500", "application/json", parse, pages: true);
        await HttpAsync(http, "table over HTTPS", Path, Table, parse);
        await HttpAsync(http, "by label, 1 in 100", Path + "?labelSelector=spark-app-selector%3Dspark-7", "application/json", parse);
        await HttpAsync(http, "by node, 1 in 50", Path + "?fieldSelector=spec.nodeName%3Dnode-7", "application/json", parse);
        var trees = await BestAsync(() => cluster.Client.ListAsync(Pod.Type, "default", ListOptions.All, CancellationToken.None));
        Report.Line("in process, trees", trees, "ms", Report.Ratio(trees, parse, "the parse"));
        var typed = await BestAsync(() => cluster.Client.ListAsync<Pod>("default", ListOptions.All, CancellationToken.None));
        Report.Line("in process, typed", typed, "ms", Report.Ratio(typed, parse, "the parse"));
    }

    private static async Task HttpAsync(HttpClient http, string what, string path, string accept, double parse, bool pages = false)
    {
        var took = await BestAsync(async () =>
        {
            string? next = path;
            while (next is not null)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, next) { Version = http.DefaultRequestVersion };
                request.Headers.TryAddWithoutValidation("Accept", accept);
                using var answer = await http.SendAsync(request);
                answer.EnsureSuccessStatusCode();
                var body = await answer.Content.ReadAsByteArrayAsync();
                next = pages && Continue(body) is { } token ? $"{path}&continue={token}" : null;
            }
        });
        Report.Line(what, took, "ms", Report.Ratio(took, parse, "the parse"));
    }

    private static string? Continue(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("metadata").TryGetProperty("continue", out var token) ? token.GetString() : null;
    }

    private static async Task<double> BestAsync(Func<Task> work)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var watch = Stopwatch.StartNew();
            await work();
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
        }

        return best;
    }
}
