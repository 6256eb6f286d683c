using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Tests;

/// <summary>What CSV and JSON readers do with records that are not as the schema says: PERMISSIVE, DROPMALFORMED, FAILFAST, the corrupt record column.</summary>
public sealed class RecordModeTests : IDisposable
{
    private const string Csv = "1,Ann,2.5\nx,Bob,1\n3,\"C,d\"\n4,Dee,4.0,more\n";
    private const string Json = """
        {"id":1,"name":"Ann"}
        {"id":
        {"id":"x","name":"Bob"}

        """;

    private static readonly StructType CsvSchema = (StructType)SqlParser.ParseType("id INT, name STRING, pay DOUBLE");
    private static readonly StructType JsonSchema = (StructType)SqlParser.ParseType("id INT, name STRING");

    private readonly EngineSession _session = Sessions.Open();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"hearth-{Guid.NewGuid():N}");

    [Theory]
    [InlineData("PERMISSIVE", "|1   |Ann |2.5 |", "|NULL|Bob |1.0 |", "|3   |C,d |NULL|", "|4   |Dee |4.0 |")]
    [InlineData("DROPMALFORMED", "|1  |Ann |2.5|")]
    public void Csv_records_are_kept_or_dropped(string mode, params string[] rows) => Rows("csv", Csv, CsvSchema, ("mode", mode)).ShouldBe(rows, ignoreOrder: true);

    [Fact]
    public void Csv_fails_fast() => Fails("csv", Csv, CsvSchema);

    [Fact]
    public void Csv_keeps_a_bad_record_in_its_column() => Rows("csv", Csv, (StructType)SqlParser.ParseType("id INT, name STRING, pay DOUBLE, _corrupt_record STRING"))
        .ShouldBe(["|1   |Ann |2.5 |NULL           |", "|NULL|Bob |1.0 |x,Bob,1        |", "|3   |C,d |NULL|3,\"C,d\"        |", "|4   |Dee |4.0 |4,Dee,4.0,more |"], ignoreOrder: true);

    [Theory]
    [InlineData("PERMISSIVE", "|1   |Ann |", "|NULL|NULL|", "|NULL|Bob |")]
    [InlineData("DROPMALFORMED", "|1  |Ann |")]
    public void Json_records_are_kept_or_dropped(string mode, params string[] rows) => Rows("json", Json, JsonSchema, ("mode", mode)).ShouldBe(rows, ignoreOrder: true);

    [Fact]
    public void Json_fails_fast() => Fails("json", Json, JsonSchema);

    [Fact]
    public void An_inferred_json_schema_has_the_column_of_corrupt_records_when_there_are_some()
    {
        File.WriteAllText(_file, Json);
        _session.SchemaOf(new FileRelation("json", [_file], null, Options.None)).SimpleName.ShouldBe("struct<_corrupt_record:string,id:string,name:string>");
        File.WriteAllText(_file, "{\"id\":1}\n");
        _session.SchemaOf(new FileRelation("json", [_file], null, Options.None)).SimpleName.ShouldBe("struct<id:bigint>");
    }

    private const string SingleQuotes = """
        {'id':1,'name':'Ann "A" O\'Hara'}
        {"id":2,'name':"it's"}
        {"id":3,"name":"Cid"}

        """;

    [Theory]
    [InlineData("PERMISSIVE")]
    [InlineData("FAILFAST")]
    public void Json_in_single_quotes_is_json(string mode)
    {
        string[] rows = ["|1  |Ann \"A\" O'Hara|", "|2  |it's          |", "|3  |Cid           |"];
        Rows("json", SingleQuotes, JsonSchema, ("mode", mode)).ShouldBe(rows, ignoreOrder: true);
        _session.SchemaOf(new FileRelation("json", [_file], null, Options.None)).SimpleName.ShouldBe("struct<id:bigint,name:string>");
        _session.Show(new FileRelation("json", [_file], null, Options.None), 20, 0).Split('\n').ShouldContain(rows[0]);
    }

    [Fact]
    public void Json_in_single_quotes_is_none_where_an_option_says_so() =>
        Rows("json", SingleQuotes, JsonSchema, ("mode", "DROPMALFORMED"), ("allowSingleQuotes", "false")).ShouldBe(["|3  |Cid |"]);

    [Fact]
    public void Csv_options_hold_in_every_mode() => Rows("csv", "id;name\n1;'a;b'\n2;NA\n", (StructType)SqlParser.ParseType("id INT, name STRING"), ("mode", "FAILFAST"), ("header", "true"), ("sep", ";"), ("quote", "'"), ("nullValue", "NA"))
        .ShouldBe(["|1  |a;b |", "|2  |NULL|"], ignoreOrder: true);

    private IEnumerable<string> Rows(string format, string text, StructType schema, params (string, string)[] options)
    {
        File.WriteAllText(_file, text);
        FileRelation files = new(format, [_file], schema, new Options(options.Select(o => new KeyValuePair<string, string>(o.Item1, o.Item2))));
        return _session.Show(files, 20, 0).Split('\n').Where(l => l.StartsWith('|')).Skip(1);
    }

    private void Fails(string format, string text, StructType schema) =>
        Should.Throw<EngineException>(() => Rows(format, text, schema, ("mode", "FAILFAST")).Count()).ErrorClass.ShouldBe("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION");

    public void Dispose()
    {
        _session.Dispose();
        File.Delete(_file);
    }
}
