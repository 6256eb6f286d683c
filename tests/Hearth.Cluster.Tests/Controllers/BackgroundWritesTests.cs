using Hearth.Cluster.Controllers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>Order within an object, none between objects.</summary>
public sealed class BackgroundWritesTests
{
    [Fact]
    public async Task Writes_about_one_object_keep_their_order_and_hold_up_no_other()
    {
        var writes = new BackgroundWrites(16, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = writes.RunAsync(stop.Token);
        var (begun, refused, order) = (new TaskCompletionSource(), new TaskCompletionSource(), new List<string>());
        writes.Post("p", async _ =>
        {
            begun.SetResult();
            await refused.Task;
            order.Add("refused");
        });
        var bound = new TaskCompletionSource();
        writes.Post("p", _ =>
        {
            order.Add("bound");
            bound.SetResult();
            return Task.CompletedTask;
        });
        await begun.Task;

        // Of a hundred others most share no lane with it.
        var others = Enumerable.Range(0, 100).Select(_ => new TaskCompletionSource()).ToArray();
        for (var i = 0; i < others.Length; i++)
        {
            var other = others[i];
            writes.Post($"other-{i}", _ =>
            {
                other.SetResult();
                return Task.CompletedTask;
            });
        }

        await Task.WhenAny(others.Select(o => o.Task));
        order.ShouldBeEmpty();
        refused.SetResult();
        await bound.Task;
        order.ShouldBe(["refused", "bound"]);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Fact]
    public async Task A_write_that_fails_ends_nothing()
    {
        var writes = new BackgroundWrites(1, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = writes.RunAsync(stop.Token);
        var after = new TaskCompletionSource();
        writes.Post("p", _ => throw new IOException("gone"));
        writes.Post("q", _ =>
        {
            after.SetResult();
            return Task.CompletedTask;
        });
        await after.Task;
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
