using System.IO.Pipelines;
using System.Text;
using Hearth.Cluster.ApiServer.Streaming.Spdy;

namespace Hearth.Cluster.Tests.ApiServer.Streaming;

/// <summary>Frames byte by byte (SPDY Protocol, Draft 3.1, section 2.2).</summary>
public sealed class SpdyConnectionTests : IDisposable
{
    private static readonly byte[] Opening = Frame("80030001 00", "00000001 00000000 0000 78f9e3c6a7c202a62346703a2b294a4dcc851625aca9a08006000000ffff");

    private readonly Pipe _toServer = new();
    private readonly MemoryStream _fromServer = new();
    private readonly List<SpdyStream> _opened = [];
    private readonly SpdyConnection _connection;

    public SpdyConnectionTests() => _connection = new SpdyConnection(_toServer.Reader.AsStream(), _fromServer, _opened.Add);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _connection.Dispose();

    [Fact]
    public async Task A_stream_is_answered_carries_data_both_ways_and_ends()
    {
        await RunAsync(Opening, Frame("00000001 00", "6869"), Frame("00000001 01", "21"));

        var stream = _opened.ShouldHaveSingleItem();
        stream.Headers["streamtype"].ShouldBe("error");
        (await new StreamReader(stream.Input).ReadToEndAsync(Ct)).ShouldBe("hi!");
        var sent = _fromServer.ToArray();
        sent[..4].ShouldBe([0x80, 3, 0, 2]); // SYN_REPLY
        sent[8..12].ShouldBe([0, 0, 0, 1]);

        _fromServer.SetLength(0);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("yes"), Ct);
        await stream.FinishAsync(Ct);
        Convert.ToHexString(_fromServer.ToArray()).ShouldBe("00000001" + "00000003" + "796573" + "00000001" + "01000000");
    }

    [Fact]
    public async Task A_ping_of_the_client_comes_back()
    {
        await RunAsync(Frame("80030006 00", "00000001"), Frame("80030006 00", "00000002"));

        Convert.ToHexString(_fromServer.ToArray()).ShouldBe("80030006" + "00000004" + "00000001");
    }

    [Fact]
    public async Task What_is_not_known_is_read_over()
    {
        await RunAsync(Frame("80030004 00", "00000000"), Frame("80030009 00", "0000000100000001"), Frame("00000063 00", "0102"), Opening);

        _opened.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_frame_ends_its_streams()
    {
        await RunAsync(Opening, Frame("00000001 00", "6869")[..9]);

        (await new StreamReader(_opened[0].Input).ReadToEndAsync(Ct)).ShouldBe("");
    }

    [Fact]
    public async Task A_stream_id_of_the_server_or_used_twice_is_refused()
    {
        var even = Opening.ToArray();
        even[11] = 2;

        await Should.ThrowAsync<InvalidDataException>(() => RunAsync(even));
    }

    private static byte[] Frame(string head, string body)
    {
        var bytes = Convert.FromHexString(body.Replace(" ", "", StringComparison.Ordinal));
        return [.. Convert.FromHexString(head.Replace(" ", "", StringComparison.Ordinal)), (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    private async Task RunAsync(params byte[][] frames)
    {
        foreach (var frame in frames)
        {
            await _toServer.Writer.WriteAsync(frame, Ct);
        }

        await _toServer.Writer.CompleteAsync();
        await _connection.RunAsync(Ct);
    }
}
