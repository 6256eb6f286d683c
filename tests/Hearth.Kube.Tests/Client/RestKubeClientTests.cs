using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Config;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Microsoft.AspNetCore.Http;

namespace Hearth.Kube.Tests.Client;

public sealed class RestKubeClientTests
{
    private static readonly ObjectRef Target = new(Pod.Type, "ns", "p");
    private readonly List<string> _seen = [];

    private static CancellationToken None => CancellationToken.None;

    private Task<TlsServer> ServerAsync(string body, int code = 200) => TlsServer.StartAsync(async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        var sent = await reader.ReadToEndAsync();
        lock (_seen)
        {
            _seen.Add($"{context.Request.Protocol} {context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Authorization} {context.Request.ContentType} {sent}".TrimEnd());
        }

        context.Response.StatusCode = code;
        await context.Response.WriteAsync(body);
    });

    private static RestKubeClient Client(TlsServer server, string? authority = null) => new(Kubeconfig.Parse(Kubeconfig.Empty().With(new KubeconfigEntry
    {
        Name = "c", Server = server.Address, CertificateAuthority = authority ?? server.Authority, Token = "secret",
    }).ToString()).Connection());

    [Fact]
    public async Task Requests_have_the_paths_queries_and_types_of_the_api()
    {
        await using var server = await ServerAsync("""{"kind":"PodList","items":[{"metadata":{"name":"a"}}],"metadata":{"resourceVersion":"7","continue":""}}""");
        using var client = Client(server);
        var list = await client.ListAsync(Pod.Type, "ns", new ListOptions { LabelSelector = "a in (b,c)", Limit = 5 }, None);
        list.ResourceVersion.ShouldBe("7");
        list.Continue.ShouldBeNull();
        list.Items[0]["kind"]!.ToString().ShouldBe("Pod");
        await client.GetAsync(Target, None);
        await client.CreateAsync(Pod.Type, "ns", new JsonObject { ["x"] = 1 }, None);
        await client.PatchAsync(Target, KubePatch.Status(new JsonObject { ["phase"] = "Running" }), None);
        await client.PatchAsync(Target, new KubePatch(PatchType.Apply, new JsonObject(), null, "me", true), None);
        await client.DeleteAsync(Target, new DeleteOptions { GracePeriodSeconds = 0, Uid = "u" }, None);
        _seen.ShouldBe([
            "HTTP/2 GET /api/v1/namespaces/ns/pods?labelSelector=a%20in%20%28b%2Cc%29&limit=5 Bearer secret",
            "HTTP/2 GET /api/v1/namespaces/ns/pods/p Bearer secret",
            "HTTP/2 POST /api/v1/namespaces/ns/pods Bearer secret application/json; charset=utf-8 {\"x\":1}",
            "HTTP/2 PATCH /api/v1/namespaces/ns/pods/p/status Bearer secret application/merge-patch+json; charset=utf-8 {\"status\":{\"phase\":\"Running\"}}",
            "HTTP/2 PATCH /api/v1/namespaces/ns/pods/p?fieldManager=me&force=true Bearer secret application/apply-patch+yaml; charset=utf-8 {}",
            "HTTP/2 DELETE /api/v1/namespaces/ns/pods/p Bearer secret application/json; charset=utf-8 {\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\",\"gracePeriodSeconds\":0,\"preconditions\":{\"uid\":\"u\"}}",
        ], customMessage: string.Join('\n', _seen).Replace("  ", " "));
    }

    [Fact]
    public async Task An_error_carries_the_status_of_the_server()
    {
        await using var server = await ServerAsync("""{"kind":"Status","code":409,"reason":"AlreadyExists","message":"pods \"p\" already exists","details":{"name":"p"}}""", 409);
        using var client = Client(server);
        var error = await Should.ThrowAsync<KubeException>(() => client.GetAsync(Target, None));
        error.IsAlreadyExists.ShouldBeTrue();
        error.Message.ShouldBe("pods \"p\" already exists");
        error.Details!["name"]!.ToString().ShouldBe("p");
    }

    [Fact]
    public async Task An_answer_from_something_in_between_keeps_its_code()
    {
        await using var server = await ServerAsync("upstream is down", 503);
        using var client = Client(server);
        var error = await Should.ThrowAsync<KubeException>(() => client.GetAsync(Target, None));
        (error.Code, error.Reason, error.Message).ShouldBe((503, "ServiceUnavailable", "upstream is down"));
    }

    [Fact]
    public async Task A_watch_gives_events_and_ends_with_the_error_of_the_server()
    {
        await using var server = await ServerAsync("""
            {"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"a"}}}
            {"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"9"}}}
            {"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}}
            """);
        using var client = Client(server);
        var events = new List<WatchEventType>();
        var error = await Should.ThrowAsync<KubeException>(async () =>
        {
            await foreach (var change in client.WatchAsync(Pod.Type, "ns", new WatchOptions { ResourceVersion = "3" }, None))
            {
                events.Add(change.Type);
            }
        });
        events.ShouldBe([WatchEventType.Added, WatchEventType.Bookmark]);
        error.IsExpired.ShouldBeTrue();
        _seen.Single().ShouldContain("?watch=true&allowWatchBookmarks=true&resourceVersion=3");
    }

    [Fact]
    public async Task A_log_streams_while_it_is_written()
    {
        var go = new TaskCompletionSource();
        await using var server = await TlsServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("one\n");
            await context.Response.Body.FlushAsync();
            await go.Task;
            await context.Response.WriteAsync("two\n");
        });
        using var client = Client(server);
        using var reader = new StreamReader(await client.LogAsync("ns", "p", new LogOptions { Follow = true }, None));
        (await reader.ReadLineAsync()).ShouldBe("one");
        go.SetResult();
        (await reader.ReadToEndAsync()).ShouldBe("two\n");
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_believed()
    {
        await using var server = await ServerAsync("{}");
        await using var other = await ServerAsync("{}");
        using var client = Client(server, other.Authority);
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(Target, None));
    }
}
