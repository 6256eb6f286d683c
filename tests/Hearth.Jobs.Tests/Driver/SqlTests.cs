using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Driver;
using Hearth.Jobs.Driver.Sql;

namespace Hearth.Jobs.Tests.Driver;

public sealed class SqlTests
{
    // What the engine answers to a statement that it has carried out: no rows of no columns.
    private const string NoColumnsPlan = """{"ok":{"plan":{"t":"local","schema":{"type":"struct","fields":[]},"rows":[]},"command":true}}""";

    [Theory]
    [InlineData("select 1; select 2", "select 1|select 2")]
    [InlineData("select ';'; select \"a;\"\"b\"; select `x;y`", "select ';'|select \"a;\"\"b\"|select `x;y`")]
    [InlineData("-- a; b\nselect 1 /* ; /* ; */ */ + 2;;\n-- end", "-- a; b\nselect 1 /* ; /* ; */ */ + 2")]
    [InlineData("select 'it\\'s; so'", "select 'it\\'s; so'")]
    [InlineData("  ;\n", "")]
    public void Files_are_cut_into_statements(string text, string statements) => string.Join('|', SqlText.Split(text)).ShouldBe(statements);

    [Fact]
    public void Variables_are_put_in() =>
        SqlText.Substitute("select ${a}, ${hivevar:b}, ${c}, ${hiveconf:a}, ${hiveconf:b}", new Dictionary<string, string> { ["a"] = "1", ["b"] = "2", ["hiveconf:a"] = "3" })
            .ShouldBe("select 1, 2, ${c}, 3, ${hiveconf:b}");

    [Fact]
    public async Task Rows_are_written_with_tabs_and_the_first_error_ends_the_program()
    {
        var path = Path.Combine(Path.GetTempPath(), $"hearth-{Guid.NewGuid():N}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var serving = ServeAsync(listener);
        using var output = new StringWriter();
        using var error = new StringWriter();
        await using (var client = await EngineClient.ConnectAsync(path, "app", "id", CancellationToken.None))
        {
            var program = new SqlProgram(client, output, error, new DriverLog(error, TimeProvider.System));
            (await program.RunAsync("create view v as select 1; select ${n}; bad; select 3", new Dictionary<string, string> { ["n"] = "1" }, CancellationToken.None)).ShouldBe(1);
        }

        output.ToString().ShouldBe("1\tNULL\n2\tx\n");
        error.ToString().ShouldContain("Fetched 0 row(s)");
        error.ToString().ShouldContain("Fetched 2 row(s)");
        error.ToString().ShouldContain("Error: [PARSE_SYNTAX_ERROR] no\nhint: write SQL");
        (await serving).ShouldBe(["hello", "sql create view v as select 1", "schema", "sql select 1", "schema", "collect", "sql bad"]);
        File.Delete(path);
    }

    private static async Task<List<string>> ServeAsync(Socket listener)
    {
        var seen = new List<string>();
        using var socket = await listener.AcceptAsync();
        await using var stream = new NetworkStream(socket);
        var head = new byte[4];
        while (await stream.ReadAtLeastAsync(head, 4, throwOnEndOfStream: false) == 4)
        {
            var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
            await stream.ReadExactlyAsync(body);
            var request = JsonNode.Parse(body)!;
            var op = request["op"]!.ToString();
            seen.Add(op == "sql" ? $"sql {request["text"]}" : op);
            string[] replies = op switch
            {
                "sql" when request["text"]!.ToString() == "bad" => ["""{"error":{"class":"PARSE_SYNTAX_ERROR","message":"no","hint":"write SQL"}}"""],
                "sql" when request["text"]!.ToString().StartsWith("create", StringComparison.Ordinal) => [NoColumnsPlan],
                "sql" => ["""{"ok":{"plan":{"t":"range","start":0,"end":1,"step":1},"command":false}}"""],
                "schema" when request["plan"]!["t"]!.ToString() == "local" => ["""{"ok":{"schema":{"type":"struct","fields":[]}}}"""],
                "schema" => ["""{"ok":{"schema":{"type":"struct","fields":[{"name":"a"},{"name":"a"}]}}}"""],
                "collect" => ["""{"batch":{"rows":[["1",null],["2","x"]]}}""", """{"ok":{"rows":2}}"""],
                _ => ["""{"ok":{}}"""],
            };
            foreach (var reply in replies)
            {
                var bytes = Encoding.UTF8.GetBytes(reply);
                var length = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
                await stream.WriteAsync((byte[])[.. length, .. bytes]);
            }
        }

        return seen;
    }
}
