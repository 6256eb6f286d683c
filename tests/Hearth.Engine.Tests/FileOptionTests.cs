using Hearth.Engine.Session;
using Hearth.Engine.Sql;

namespace Hearth.Engine.Tests;

/// <summary>Options of readers and writers: each one of Spark's pages is taken or refused by name, and those that are taken do what the pages say.</summary>
public sealed class FileOptionTests : IDisposable
{
    private readonly EngineSession _session = Sessions.Open();
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"hearth options {Guid.NewGuid():N}");

    public FileOptionTests() => Directory.CreateDirectory(_directory);

    [Fact]
    public void Every_documented_option_works_or_is_refused_by_name()
    {
        string cases = Path.Combine(AppContext.BaseDirectory, "cases", "options", "documented.txt");
        List<string> wrong = [];
        int number = 0;
        foreach (string line in File.ReadLines(cases).Where(l => l.Length > 0 && l[0] != '#'))
        {
            string[] parts = [.. line.Split('|', 3).Select(p => p.Trim())];
            string rest = parts[2];
            string verdict = rest[(rest.LastIndexOf('|') + 1)..].Trim(), option = rest[..rest.LastIndexOf('|')].Trim();
            string found = Verdict(parts[0], parts[1], option, number++);
            if (found != verdict)
            {
                wrong.Add($"{line}: {found}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    private string Verdict(string format, string side, string option, int number)
    {
        (string name, string value) = (option[..option.IndexOf('=')], option[(option.IndexOf('=') + 1)..]);
        string path = Path.Combine(_directory, $"o{number}");
        try
        {
            if (side == "write")
            {
                Run($"INSERT OVERWRITE DIRECTORY '{path}' USING {format} OPTIONS ('{name}' = '{value.Replace("'", "\\'")}') SELECT 'x' AS value");
                return "works";
            }

            string own = format == "orc" ? "csv" : format;
            Run(own == "json" && name != "multiLine" ? $"INSERT OVERWRITE DIRECTORY '{path}' USING text SELECT concat('{{', chr(39), 'value', chr(39), ':', chr(39), 'x', chr(39), '}}')" : $"INSERT OVERWRITE DIRECTORY '{path}' USING {own} SELECT 'x' AS value");
            FileRelation files = new(format, [path], null, new Options([new(name, value)]));
            _session.Show(files, 20, 0).ShouldContain("x");
            return "works";
        }
        catch (EngineException error) when (error.ErrorClass == "UNSUPPORTED_FEATURE")
        {
            return error.Message.Contains(name, StringComparison.Ordinal) || error.Message.Contains(value, StringComparison.Ordinal) || format == "orc" ? "refused" : $"refused without a name: {error.Message}";
        }
    }

    [Fact]
    public void Files_are_chosen_by_name_age_and_depth()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "a", "deep"));
        File.WriteAllText(Path.Combine(_directory, "a", "x.csv"), "1\n");
        File.WriteAllText(Path.Combine(_directory, "a", "y.txt"), "2\n");
        File.WriteAllText(Path.Combine(_directory, "a", "deep", "z.csv"), "3\n");
        File.SetLastWriteTimeUtc(Path.Combine(_directory, "a", "x.csv"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Values("csv", "a").ShouldBe(["1", "2"]);
        Values("csv", "a", ("recursiveFileLookup", "true")).ShouldBe(["1", "2", "3"]);
        Values("csv", "a", ("pathGlobFilter", "*.csv")).ShouldBe(["1"]);
        Values("csv", "a", ("pathGlobFilter", "{x,y}.*"), ("recursiveFileLookup", "true")).ShouldBe(["1", "2"]);
        Values("csv", "a", ("modifiedBefore", "2020-01-01T00:00:01")).ShouldBe(["1"]);
        Values("csv", "a", ("modifiedAfter", "2020-01-01T00:00:00")).ShouldBe(["2"]);
    }

    [Fact]
    public void Text_is_read_by_lines_by_a_separator_or_whole()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "t", "k=7"));
        File.WriteAllText(Path.Combine(_directory, "t", "k=7", "a.txt"), "a,b\r\nc\n");
        Values("text", "t").ShouldBe(["a,b|7", "c|7"]);
        Values("text", "t", ("lineSep", ",")).ShouldBe(["a|7", "b\\r\\nc\\n|7"]);
        Values("text", "t", ("wholetext", "true")).ShouldBe(["a,b\\r\\nc\\n|7"]);
    }

    [Fact]
    public void Rows_know_their_files()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "n"));
        File.WriteAllText(Path.Combine(_directory, "n", "a.csv"), "1\n");
        File.WriteAllText(Path.Combine(_directory, "n", "b.csv"), "2\n");
        string path = Path.Combine(_directory, "n"), url = "file://" + path.Replace(" ", "%20");
        Run($"CREATE TEMPORARY VIEW n USING csv OPTIONS (path '{path}')");
        Query("SELECT input_file_name() AS f, _c0 FROM n ORDER BY 2").ShouldBe([$"{url}/a.csv|1", $"{url}/b.csv|2"]);
        Query("SELECT _c0 FROM n WHERE input_file_name() LIKE '%b.csv'").ShouldBe(["2"]);
        Query("SELECT count(DISTINCT input_file_name()), count(*) FROM (SELECT * FROM n UNION ALL SELECT * FROM n)").ShouldBe(["2|4"]);
        Query("SELECT input_file_name() AS f, count(*) FROM n GROUP BY 1 HAVING f LIKE '%a.csv'").ShouldBe([$"{url}/a.csv|1"]);
        Query("SELECT input_file_name() AS f, x FROM VALUES (1) AS v(x)").ShouldBe(["|1"]);
        Should.Throw<EngineException>(() => Query("SELECT input_file_name() FROM n JOIN n AS m USING (_c0)")).Message.ShouldContain("after a join");
    }

    [Fact]
    public void A_file_has_at_most_so_many_records()
    {
        string path = Path.Combine(_directory, "m");
        Run($"INSERT OVERWRITE DIRECTORY '{path}' USING csv OPTIONS (maxRecordsPerFile 2) SELECT id FROM range(5)");
        Directory.GetFiles(path, "part-*").Select(f => $"{Path.GetFileName(f)[..10]} {Path.GetFileName(f)[^8..^4]} {File.ReadLines(f).Count()}").Order(StringComparer.Ordinal).ShouldBe(["part-00000 c000 2", "part-00000 c001 2", "part-00000 c002 1"]);
    }

    [Fact]
    public void Dates_and_times_of_files_have_the_formats_and_the_zone_asked_for()
    {
        foreach (string format in new[] { "csv", "json" })
        {
            string path = Path.Combine(_directory, "d" + format);
            const string Options = "dateFormat 'dd/MM/yyyy', timestampFormat 'yyyy/MM/dd HH:mm', timeZone 'Asia/Tokyo'";
            Run($"INSERT OVERWRITE DIRECTORY '{path}' USING {format} OPTIONS ({Options}) SELECT DATE'2024-03-05' AS d, TIMESTAMP'2024-03-05 10:00:00' AS t");
            File.ReadAllText(Directory.GetFiles(path, "part-*").Single()).Trim().ShouldBe(format == "csv" ? "05/03/2024,2024/03/05 19:00" : """{"d":"05/03/2024","t":"2024/03/05 19:00"}""");
            Run($"CREATE TABLE d{format} (d DATE, t TIMESTAMP) USING {format} OPTIONS ({Options}) LOCATION '{path}'");
            Query($"SELECT d, t FROM d{format}").ShouldBe(["2024-03-05|2024-03-05 10:00:00"]);
        }
    }

    [Fact]
    public void The_last_value_of_a_name_counts_in_json_and_no_schema_is_inferred_from_it()
    {
        string path = Path.Combine(_directory, "twice.json");
        File.WriteAllText(path, "{\"a\":1,\"b\":\"x\",\"a\":2.50}\n{\"a\":3}\n");
        FileRelation files = new("json", [path], (Types.StructType)SqlParser.ParseType("a DOUBLE, b STRING"), Options.None);
        Cells(_session.Show(files, 20, 0)).ShouldBe(["2.5|x", "3.0|NULL"], ignoreOrder: true);
        Should.Throw<EngineException>(() => _session.SchemaOf(files with { Schema = null })).ErrorClass.ShouldBe("COLUMN_ALREADY_EXISTS");
    }

    [Fact]
    public void Json_writes_null_fields_when_asked_and_csv_trims_what_it_writes()
    {
        string path = Path.Combine(_directory, "w");
        Run($"INSERT OVERWRITE DIRECTORY '{path}' USING json OPTIONS (ignoreNullFields 'false') SELECT 1 AS a, CAST(NULL AS STRING) AS b, named_struct('c', CAST(NULL AS INT)) AS s");
        File.ReadAllText(Directory.GetFiles(path, "part-*").Single()).ShouldBe("{\"a\":1,\"b\":null,\"s\":{\"c\":null}}\n");
        Run($"INSERT OVERWRITE DIRECTORY '{path}' USING csv SELECT ' a ' AS a, ' b c ' AS b");
        File.ReadAllText(Directory.GetFiles(path, "part-*").Single()).ShouldBe("a,b c\n");
        Run($"INSERT OVERWRITE DIRECTORY '{path}' USING csv OPTIONS (ignoreLeadingWhiteSpace 'false') SELECT ' a ' AS a");
        File.ReadAllText(Directory.GetFiles(path, "part-*").Single()).ShouldBe(" a\n");
    }

    private IEnumerable<string> Values(string format, string directory, params (string, string)[] options) =>
        Cells(_session.Show(new FileRelation(format, [Path.Combine(_directory, directory)], null, new Options(options.Select(o => new KeyValuePair<string, string>(o.Item1, o.Item2)))), 20, 0)).Order(StringComparer.Ordinal);

    private IEnumerable<string> Query(string sql) => Cells(_session.Show(((QueryStatement)SqlParser.ParseStatement(sql)).Query, 20, 0));

    private static IEnumerable<string> Cells(string table) => table.Split('\n').Where(l => l.StartsWith('|')).Skip(1).Select(l => string.Join('|', l[1..^1].Split('|').Select(c => c.Trim())));

    private void Run(string sql) => _session.Execute(sql);

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
