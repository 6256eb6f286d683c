using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Hearth.Kube.Client;

namespace Hearth.Cluster.Nodes.Containers;

/// <summary>Reads a container log file as <c>kubectl logs</c> wants it: tail, since, timestamps, byte limit, following.</summary>
public static class LogReader
{
    private const int Chunk = 64 * 1024;

    /// <summary>
    /// Opens the text of a log. <paramref name="live"/> is the log when the container still runs in this process (needed to follow); null for one that has ended.
    /// </summary>
    public static Stream Open(string path, ContainerLog? live, LogOptions options, TimeProvider time, CancellationToken ct)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 * Chunk));
        _ = Task.Run(() => CopyAsync(path, live, options, time, pipe.Writer, ct), CancellationToken.None);
        return pipe.Reader.AsStream();
    }

    private static async Task CopyAsync(string path, ContainerLog? live, LogOptions options, TimeProvider time, PipeWriter output, CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, Chunk, useAsync: false);
            await using (file.ConfigureAwait(false))
            {
                if (options.TailLines is { } lines)
                {
                    file.Position = TailStart(file, lines);
                }

                var copy = new Copy(output, options, options.SinceSeconds is { } s ? time.GetUtcNow().AddSeconds(-s) : DateTimeOffset.MinValue);
                await FollowAsync(file, copy, options.Follow ? live : null, ct).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            failure = e is OperationCanceledException ? null : e;
        }

        await output.CompleteAsync(failure).ConfigureAwait(false);
    }

    private static async Task FollowAsync(FileStream file, Copy copy, ContainerLog? live, CancellationToken ct)
    {
        var buffer = new byte[Chunk];
        var held = 0;
        while (true)
        {
            // Taken before reading: what is written after the read completes this task.
            var more = live?.MoreAsync();
            var done = live?.IsComplete ?? true;
            int read;
            while ((read = await file.ReadAsync(buffer.AsMemory(held), ct).ConfigureAwait(false)) > 0)
            {
                held = await copy.TakeAsync(buffer, held + read, ct).ConfigureAwait(false);
                if (copy.Full)
                {
                    return;
                }

                if (held == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }

            if (done)
            {
                return;
            }

            await more!.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Where the last <paramref name="lines"/> full lines begin.</summary>
    private static long TailStart(FileStream file, int lines)
    {
        if (lines <= 0)
        {
            return file.Length;
        }

        var buffer = new byte[Chunk];
        var seen = 0;
        var end = file.Length;
        for (var position = end; position > 0;)
        {
            var size = (int)Math.Min(Chunk, position);
            position -= size;
            file.Position = position;
            file.ReadExactly(buffer, 0, size);
            for (var i = size - 1; i >= 0; i--)
            {
                if (buffer[i] == '\n' && position + i != end - 1 && ++seen == lines)
                {
                    return position + i + 1;
                }
            }
        }

        return 0;
    }

    private sealed class Copy(PipeWriter output, LogOptions options, DateTimeOffset since)
    {
        private long _written;

        public bool Full { get; private set; }

        /// <summary>Writes the whole entries in the buffer; returns how many bytes of an unfinished one remain at its start.</summary>
        public async Task<int> TakeAsync(byte[] buffer, int length, CancellationToken ct)
        {
            var start = 0;
            int newline;
            while (!Full && (newline = buffer.AsSpan(start, length - start).IndexOf((byte)'\n')) >= 0)
            {
                if (CriLog.Parse(buffer.AsMemory(start, newline)) is { } line && line.Time >= since && (options.Stream is null || line.Stream.Equals(options.Stream, StringComparison.OrdinalIgnoreCase)))
                {
                    Write(line);
                }

                start += newline + 1;
            }

            if ((await output.FlushAsync(ct).ConfigureAwait(false)).IsCompleted)
            {
                Full = true;
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            return length - start;
        }

        private void Write(CriLine line)
        {
            if (options.Timestamps)
            {
                Write(Encoding.ASCII.GetBytes(line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z '", System.Globalization.CultureInfo.InvariantCulture)));
            }

            Write(line.Text.Span);
            if (!line.Partial)
            {
                Write("\n"u8);
            }
        }

        private void Write(ReadOnlySpan<byte> bytes)
        {
            var room = options.LimitBytes is { } limit ? limit - _written : long.MaxValue;
            if (room <= bytes.Length)
            {
                bytes = bytes[..(int)Math.Max(0, room)];
                Full = true;
            }

            output.Write(bytes);
            _written += bytes.Length;
        }
    }
}
