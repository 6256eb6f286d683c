namespace Hearth.Engine.Protocol;

/// <summary>Runs work on a thread of its own with a large stack: plans of a loop over withColumn nest hundreds of levels deep.</summary>
internal static class LargeStack
{
    private const int Bytes = 256 * 1024 * 1024;

    /// <summary>Runs and gives the outcome.</summary>
    public static Task RunAsync(Action work)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(
            () =>
            {
                try
                {
                    work();
                    done.SetResult();
                }
                catch (Exception error)
                {
                    done.SetException(error);
                }
            },
            Bytes)
        {
            IsBackground = true,
            Name = "engine request",
        };
        thread.Start();
        return done.Task;
    }
}
