using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Hearth.Bench.Platform;

/// <summary>An empty web server, for comparison: this program in a process of its own.</summary>
internal static class BareServer
{
    public const string Argument = "bare-server";
    public const string Ready = "listening";

    public static async Task RunAsync()
    {
        using var ending = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            ending.Cancel();
        });
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        await app.StartAsync(ending.Token);
        await Console.Out.WriteLineAsync(Ready);
        await Task.Delay(Timeout.Infinite, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
