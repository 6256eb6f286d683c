using System.Text;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.ApiServer.Http;
using Hearth.Cluster.Store;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.Tests.ApiServer;

/// <summary>The whole front without a socket: each file of cases on a server of its own, at midnight of 2025-01-01.</summary>
public sealed class ApiCaseTests
{
    private static readonly StaticToken[] Tokens = [new("admin", "admin", [UserInfo.Masters]), new("bob", "bob", []), new("alice", "alice", ["team-a"])];

    private static string Cases => Path.Combine(AppContext.BaseDirectory, "cases", "api");

    public static TheoryData<string> Files() => [.. Directory.GetFiles(Cases, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_api_answers_as_the_cases_say(string file)
    {
        var ct = TestContext.Current.CancellationToken;
        var directory = Directory.CreateTempSubdirectory("hearth-api-").FullName;
        var time = new FixedTime();
        try
        {
            await using var store = ObjectStore.Open(new StoreOptions(directory) { FlushToDisk = false, Time = time, History = new HistoryWindow(TimeSpan.FromHours(1), 200, 1 << 20) });
            await using var core = await ApiCore.CreateAsync(store, new ApiCoreSettings { Time = time, Tokens = Tokens, AuthorityPem = "PEM" }, ct);
            var front = FrontHandler.Create(core, new ApiServerOptions { PkiDirectory = directory }, ct);
            var known = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var one in ApiCase.Read(Path.Combine(Cases, file + ".txt")))
            {
                var (code, body, header) = await AskAsync(front, one, known, ct);
                if (one.Judge(code, body, header, known) is { } fault)
                {
                    Assert.Fail($"{file}, {fault}");
                }
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(int Code, string Body, Func<string, string?> Header)> AskAsync(
        RequestDelegate front, ApiCase one, Dictionary<string, string> known, CancellationToken ct)
    {
        var context = new DefaultHttpContext { RequestAborted = ct };
        var url = new Uri("https://test" + ApiCase.Fill(one.Path, known));
        context.Request.Method = one.Method;
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("test");
        context.Request.Path = Uri.UnescapeDataString(url.AbsolutePath);
        context.Request.QueryString = new QueryString(url.Query);
        context.Request.Headers.Authorization = "Bearer admin";
        foreach (var (name, template) in one.Headers)
        {
            var value = ApiCase.Fill(template, known);
            if (name == "As")
            {
                context.Request.Headers.Authorization = value == "-" ? default : $"Bearer {value}";
            }
            else
            {
                context.Request.Headers.Append(name, value);
            }
        }

        var body = Encoding.UTF8.GetBytes(ApiCase.Fill(one.Body, known));
        context.Request.Body = new MemoryStream(body);
        context.Request.ContentLength = body.Length;
        var answer = new MemoryStream();
        context.Response.Body = answer;
        await front(context);
        await context.Response.BodyWriter.FlushAsync(ct);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()), name => context.Response.Headers[name].ToString());
    }
}
