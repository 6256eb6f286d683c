using System.Text;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Tests;

/// <summary>CSV and text that is not as it should be: rows as Spark reads them, or an error; never fewer rows.</summary>
public sealed class CsvOddInputTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-csv-").FullName;
    private readonly EngineSession _session = Sessions.Open();

    [Theory]
    [InlineData("a,b\n1,2\n3,4,5\n6\n", "header=true", "[1,2] [3,4] [6,NULL]")]
    [InlineData("a,b\n1,\"\"\n2,\n", "header=true", "[1,NULL] [2,NULL]")]
    [InlineData("a,b\n1,\"\"\n2,\n3,-\n4,\"-\"\n", "header=true,nullValue=-", "[1,] [2,NULL] [3,NULL] [4,NULL]")]
    [InlineData(" 1 , x\n", "ignoreLeadingWhiteSpace=true", "[1 ,x]")]
    public void Rows_are_those_of_Spark(string text, string options, string expected) => Rows(Encoding.UTF8, text, "csv", options).ShouldBe(expected);

    [Theory]
    [InlineData("1", "1")]
    [InlineData(" 1", "NULL")]
    [InlineData("1.0", "NULL")]
    [InlineData("99999999999", "NULL")]
    public void A_whole_number_is_digits_only(string text, string expected) => Rows(Encoding.UTF8, $"{text}\n", "csv", "", SparkType.Int).ShouldBe($"[{expected}]");

    [Theory]
    [InlineData("TRUE", "true")]
    [InlineData("yes", "NULL")]
    [InlineData("1", "NULL")]
    public void A_truth_value_is_a_word(string text, string expected) => Rows(Encoding.UTF8, $"{text}\n", "csv", "", SparkType.Boolean).ShouldBe($"[{expected}]");

    [Theory]
    [InlineData("12345678901234567890\n1\n", "decimal(20,0)")]
    [InlineData("3000000000\n1\n", "bigint")]
    [InlineData("007\n1\n", "int")]
    [InlineData("1\n1.5\n", "double")]
    [InlineData("1\nx\n", "string")]
    public void Inferred_types_are_those_of_Spark(string text, string type)
    {
        File.WriteAllText(Path.Combine(_directory, "i.csv"), text);
        _session.Execute($"CREATE OR REPLACE TEMPORARY VIEW v USING csv OPTIONS (path '{_directory}/i.csv', inferSchema 'true')");
        _session.SchemaOf(_session.Execute("SELECT * FROM v").Relation).Fields[0].Type.SimpleName.ShouldBe(type);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_an_error() => Should.Throw<EngineException>(() => Rows(Encoding.Latin1, "é,1\nok,2\n", "csv", ""));

    [Fact]
    public void Unless_their_encoding_is_named() => Rows(Encoding.Latin1, "é,1\nok,2\n", "csv", "encoding=ISO-8859-1").ShouldBe("[é,1] [ok,2]");

    [Theory]
    [InlineData("a\n\nb\n\n", "[a] [] [b] []")]
    [InlineData("a\r\nb\rc", "[a] [b] [c]")]
    public void Every_line_of_a_text_is_a_row(string text, string expected) => Rows(Encoding.UTF8, text, "text", "").ShouldBe(expected);

    [Theory]
    [InlineData("csv", "lineSep=|")]
    [InlineData("csv", "ignoreCorruptFiles=true")]
    [InlineData("json", "prefersDecimal=true")]
    [InlineData("text", "ignoreMissingFiles=true")]
    public void An_option_that_would_change_rows_and_is_not_there_is_refused(string format, string option) =>
        Should.Throw<EngineException>(() => Rows(Encoding.UTF8, "{}\n", format, option)).ErrorClass.ShouldBe("UNSUPPORTED_FEATURE");

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string Rows(Encoding encoding, string text, string format, string options, SparkType? type = null)
    {
        File.WriteAllText(Path.Combine(_directory, "x.txt"), text, encoding is UTF8Encoding ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : encoding);
        Options given = new(options.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(o => KeyValuePair.Create(o.Split('=')[0], o.Split('=')[1])));
        using QueryResult result = _session.Run(new FileRelation(format, [Path.Combine(_directory, "x.txt")], type is null ? null : new StructType([new StructField("a", type)]), given));
        return string.Join(' ', result.Rows().Select(r => $"[{string.Join(',', r.Select((v, i) => HiveText.Of(v, result.Schema.Fields[i].Type, "UTC")))}]"));
    }
}
