using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Hearth.Engine.Protocol;
using Hearth.Engine.Session;

namespace Hearth.Engine.Tests;

/// <summary>The session server over a real Unix socket.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"hearth-{Guid.NewGuid():N}.sock");
    private readonly CancellationTokenSource _stop = new();
    private EngineSession _session = null!;
    private EngineServer _server = null!;
    private Task _running = Task.CompletedTask;

    public ValueTask InitializeAsync()
    {
        _session = Sessions.Open();
        _server = EngineServer.Listen(_path, _session);
        _running = _server.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _server.DisposeAsync();
        _session.Dispose();
    }

    private NetworkStream Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_path));
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<List<JsonNode>> Ask(NetworkStream stream, string json)
    {
        Send(stream, System.Text.Encoding.UTF8.GetBytes(json));
        List<JsonNode> replies = [];
        do
        {
            replies.Add(JsonNode.Parse(await Frames.ReadAsync(stream, CancellationToken.None))!);
        }
        while (replies[^1]["batch"] is not null);
        return replies;
    }

    private static void Send(NetworkStream stream, byte[] body)
    {
        byte[] header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, body.Length);
        stream.Write(header);
        stream.Write(body);
    }

    [Fact]
    public async Task A_plan_is_collected_in_batches()
    {
        await using NetworkStream stream = Connect();
        List<JsonNode> replies = await Ask(stream, """{"id":"1","op":"collect","plan":{"t":"range","start":0,"end":5000,"step":1}}""");
        replies.Count.ShouldBeGreaterThan(2);
        replies.SkipLast(1).Sum(r => r["batch"]!["rows"]!.AsArray().Count).ShouldBe(5000);
        ((long)replies[^1]["ok"]!["rows"]!).ShouldBe(5000);
    }

    [Fact]
    public async Task A_write_leaves_files_as_Spark_names_them_and_is_read_back()
    {
        string path = Path.Combine(Path.GetTempPath(), $"hearth-out-{Guid.NewGuid():N}");
        await using NetworkStream stream = Connect();
        string plan = """{"t":"project","in":{"t":"range","start":0,"end":10,"step":1},"exprs":[{"t":"col","name":"id"},{"t":"alias","name":"k","e":{"t":"call","name":"%","args":[{"t":"col","name":"id"},{"t":"lit","type":"integer","value":2}]}}]}""";
        List<JsonNode> written = await Ask(stream, $$$"""{"id":"1","op":"write","plan":{{{plan}}},"sink":{"format":"parquet","mode":"error","path":"{{{path}}}","partitionBy":["k"]}}""");
        ((long)written[0]["ok"]!["rows"]!).ShouldBe(10);
        File.Exists(Path.Combine(path, "_SUCCESS")).ShouldBeTrue();
        Directory.GetFiles(Path.Combine(path, "k=0")).Single().ShouldMatch("part-00000-[0-9a-f-]{36}\\.c000\\.snappy\\.parquet$");
        List<JsonNode> read = await Ask(stream, $$$"""{"id":"2","op":"show","plan":{"t":"filter","in":{"t":"read","format":"parquet","paths":["{{{path}}}"],"options":{}},"cond":{"t":"expr","text":"k = 1 and id < 3"}},"n":20,"truncate":20}""");
        ((string)read[0]["ok"]!["text"]!).ShouldBe("+---+---+\n| id|  k|\n+---+---+\n|  1|  1|\n+---+---+\n");
        List<JsonNode> again = await Ask(stream, $$$"""{"id":"3","op":"write","plan":{{{plan}}},"sink":{"format":"parquet","mode":"error","path":"{{{path}}}"}}""");
        ((string)again[0]["error"]!["class"]!).ShouldBe("PATH_ALREADY_EXISTS");
        Directory.Delete(path, recursive: true);
    }

    [Fact]
    public async Task A_running_query_is_cancelled_from_another_connection()
    {
        await using NetworkStream stream = Connect();
        await using NetworkStream other = Connect();
        Task<List<JsonNode>> running = Ask(stream, """{"id":"long","op":"collect","plan":{"t":"sql","text":"SELECT sum(a.id * b.id % 7) FROM range(3000000) a CROSS JOIN range(3000000) b"}}""");
        while (!running.IsCompleted)
        {
            await Ask(other, """{"id":"c","op":"cancel","target":"long"}""");
        }

        ((string)(await running)[^1]["error"]!["class"]!).ShouldBe("OPERATION_CANCELLED");
    }

    [Fact]
    public async Task Errors_carry_class_position_and_hint()
    {
        await using NetworkStream stream = Connect();
        JsonNode error = (await Ask(stream, """{"id":"1","op":"sql","text":"SELECT\n  uper('a')"}"""))[0]["error"]!;
        ((string)error["class"]!).ShouldBe("UNRESOLVED_ROUTINE");
        ((string)error["kind"]!).ShouldBe("AnalysisException");
        ((int)error["position"]!["line"]!).ShouldBe(2);
        ((string)error["hint"]!).ShouldContain("upper");
    }

    [Fact]
    public async Task A_frame_that_is_not_a_request_is_answered_with_an_error()
    {
        await using NetworkStream stream = Connect();
        ((string)(await Ask(stream, "{nonsense"))[0]["error"]!["class"]!).ShouldBe("INVALID_REQUEST");
        ((string)(await Ask(stream, """{"id":"1","op":"collect"}"""))[0]["error"]!["message"]!).ShouldContain("plan");
        ((string)(await Ask(stream, """{"id":"2","op":"collect","plan":{"t":"nope"}}"""))[0]["error"]!["message"]!).ShouldContain("nope");
        stream.Write([0xFF, 0xFF, 0xFF, 0xFF]);
        JsonNode last = JsonNode.Parse(await Frames.ReadAsync(stream, CancellationToken.None))!;
        ((string)last["error"]!["class"]!).ShouldBe("INVALID_REQUEST");
        (await Frames.ReadAsync(stream, CancellationToken.None)).ShouldBeNull();
    }
}
