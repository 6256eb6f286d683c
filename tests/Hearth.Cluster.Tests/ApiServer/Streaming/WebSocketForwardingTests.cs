using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using Hearth.Cluster.ApiServer.Streaming;

namespace Hearth.Cluster.Tests.ApiServer.Streaming;

/// <summary>Several ports in one WebSocket: channels 2n and 2n + 1 of the n-th port.</summary>
public sealed class WebSocketForwardingTests
{
    private readonly Pipe _up = new(), _down = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_for_a_port_that_refused_holds_up_no_other()
    {
        using var server = Socket(_up.Reader, _down.Writer, isServer: true);
        using var client = Socket(_down.Reader, _up.Writer, isServer: false);
        var running = new WebSocketForwarding(server, [81, 82], Connect).RunAsync(Ct);

        (await UntilAsync(client, 1, "refused")).ShouldContain("an error occurred forwarding 81 -> 81: refused");
        var mebibyte = new byte[1 << 20];
        mebibyte.AsSpan(1).Fill((byte)'x');
        await client.SendAsync(mebibyte, WebSocketMessageType.Binary, endOfMessage: true, Ct);
        await client.SendAsync((byte[])[2, .. "hello"u8], WebSocketMessageType.Binary, endOfMessage: true, Ct);
        (await UntilAsync(client, 2, "hello")).ShouldEndWith("hello");

        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        await running;
    }

    /// <summary>Port 81 refuses; every other says again what it hears.</summary>
    private static Task<Stream> Connect(int port, CancellationToken ct)
    {
        var echo = new Pipe();
        return port == 81 ? Task.FromException<Stream>(new IOException("refused")) : Task.FromResult(Duplex(echo.Reader, echo.Writer));
    }

    /// <summary>Everything of a channel until it ends with a text.</summary>
    private static async Task<string> UntilAsync(WebSocket client, byte channel, string end)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var part = await client.ReceiveAsync(buffer.AsMemory(), Ct);
            if (part.Count > 0 && buffer[0] == channel)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 1, part.Count - 1));
            }
        }

        return text.ToString();
    }

    private static WebSocket Socket(PipeReader reader, PipeWriter writer, bool isServer) =>
        WebSocket.CreateFromStream(Duplex(reader, writer), new WebSocketCreationOptions { IsServer = isServer });

    private static Stream Duplex(PipeReader reader, PipeWriter writer) => new Joined(reader.AsStream(), writer.AsStream());

    private sealed class Joined(Stream reading, Stream writing) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reading.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writing.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => writing.FlushAsync(cancellationToken);

        public override void Flush() => writing.Flush();

        public override int Read(byte[] buffer, int offset, int count) => reading.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => writing.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
