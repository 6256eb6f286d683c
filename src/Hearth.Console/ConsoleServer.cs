using System.Net;
using System.Security.Cryptography;
using System.Text;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Hearth.Console;

/// <summary>Where the console listens and what it shows.</summary>
public sealed record ConsoleOptions
{
    /// <summary>Loopback unless the platform was told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 picks a free port.</summary>
    public int Port { get; init; }

    /// <summary>Name of the platform, shown in the title.</summary>
    public required string Platform { get; init; }

    /// <summary>Secret that a browser must bring once (<c>?token=</c>); afterwards a cookie stands for it.</summary>
    public required string Token { get; init; }
}

/// <summary>
/// The web console: a page that shows job runs, pods and nodes as they change, and one for each job run (<c>/jobs/ID</c>). It reads the platform through its API like any other
/// client and changes nothing.
/// </summary>
public sealed class ConsoleServer : IAsyncDisposable
{
    private const string Cookie = "hearth-console";
    private readonly WebApplication _app;

    private ConsoleServer(WebApplication app, string url)
    {
        _app = app;
        Url = url;
    }

    /// <summary>Address with the token, to open in a browser.</summary>
    public string Url { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<ConsoleServer> StartAsync(ConsoleOptions options, IKubeClient client, ILoggerFactory loggers, CancellationToken ct)
    {
        // Empty: a usual builder takes the current directory as its own, reads settings from it and watches everything below it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers)).AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(options.Address, options.Port)).UseShutdownTimeout(TimeSpan.FromMilliseconds(500));
        var app = builder.Build();
        app.Use((context, next) => GuardAsync(context, next, options));
        var page = Page("index", options);
        var job = Page("job", options);
        app.MapGet("/", (HttpContext context) => HtmlAsync(context, page));
        app.MapGet("/jobs/{id:regex(^[0-9a-z]{{1,64}}$)}", (HttpContext context, string id) => HtmlAsync(context, job.Replace("{{id}}", id, StringComparison.Ordinal)));
        app.MapGet("/favicon.ico", context => { context.Response.StatusCode = StatusCodes.Status204NoContent; return Task.CompletedTask; });
        app.MapGet("/log", new ConsoleLogs(client).ServeAsync);
        var feed = new ConsoleFeed(client, app.Lifetime.ApplicationStopping);
        app.MapGet("/events", feed.ServeAsync);
        await app.StartAsync(ct).ConfigureAwait(false);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new ConsoleServer(app, $"{address}/?token={options.Token}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static Task GuardAsync(HttpContext context, RequestDelegate next, ConsoleOptions options)
    {
        var given = context.Request.Query["token"].ToString();
        if (Same(given, options.Token))
        {
            context.Response.Cookies.Append(Cookie, options.Token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
        }
        else if (!Same(context.Request.Cookies[Cookie] ?? "", options.Token))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return context.Response.WriteAsync("Open the console with the address that `hearth up` or `hearth status` prints: it carries the key.\n", context.RequestAborted);
        }

        context.Response.Headers.ContentSecurityPolicy = "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        return next(context);
    }

    private static bool Same(string given, string token) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static Task HtmlAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }

    private static string Page(string name, ConsoleOptions options)
    {
        using var stream = typeof(ConsoleServer).Assembly.GetManifestResourceStream($"Hearth.Console.Pages.{name}.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("{{platform}}", WebUtility.HtmlEncode(options.Platform), StringComparison.Ordinal);
    }
}
