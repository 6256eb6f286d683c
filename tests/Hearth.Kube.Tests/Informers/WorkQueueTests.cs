using Hearth.Kube.Informers;

namespace Hearth.Kube.Tests.Informers;

public sealed class WorkQueueTests
{
    [Fact]
    public async Task A_key_added_while_it_is_worked_on_comes_again_once()
    {
        using var queue = new WorkQueue();
        using var ending = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var runs = 0;
        var done = new TaskCompletionSource();
        queue.Add("a");

        var working = queue.RunAsync(
            2,
            (key, _) =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                {
                    queue.Add(key);
                    queue.Add(key);
                    queue.Add("last");
                }
                else if (key == "last")
                {
                    done.TrySetResult();
                }

                return Task.FromResult<TimeSpan?>(null);
            },
            (_, e) => throw e,
            ending.Token);
        await done.Task.WaitAsync(ending.Token);
        while (Volatile.Read(ref runs) < 3)
        {
            await Task.Yield();
        }

        await ending.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => working);
        runs.ShouldBe(3);
    }

    [Fact]
    public async Task A_failure_is_told_and_tried_again()
    {
        using var queue = new WorkQueue();
        using var ending = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var failures = new List<string>();
        var done = new TaskCompletionSource();
        queue.Add("a");

        var working = queue.RunAsync(
            1,
            (_, _) =>
            {
                if (failures.Count < 2)
                {
                    throw new InvalidOperationException("no");
                }

                done.TrySetResult();
                return Task.FromResult<TimeSpan?>(null);
            },
            (key, e) => failures.Add($"{key}: {e.Message}"),
            ending.Token);
        await done.Task.WaitAsync(ending.Token);
        await ending.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => working);

        failures.ShouldBe(["a: no", "a: no"]);
    }
}
