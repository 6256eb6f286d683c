using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Tests.Spark;

public sealed class SubmitParametersTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Cases() =>
        CaseFile.Read("submit-parameters.txt").Select(c => new TheoryDataRow<string, string>(c.Head, string.Join('\n', c.Body)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Options_are_read_as_spark_submit_reads_them(string line, string expected) => Describe(line).ShouldBe(expected);

    [Fact]
    public void Spark_sql_takes_variables_and_refuses_a_query_of_its_own()
    {
        var parameters = SubmitParametersParser.Parse("-hivevar day=2024-01-01 -d n=3 --conf spark.x=1 -hiveconf hive.y=4", SubmitTool.SparkSql);
        parameters.SqlVariables.ShouldBe(new Dictionary<string, string> { ["day"] = "2024-01-01", ["n"] = "3", ["hiveconf:hive.y"] = "4" });
        Should.Throw<SubmitParametersException>(() => SubmitParametersParser.Parse("-e 'select 1'", SubmitTool.SparkSql)).Message.ShouldContain("entryPoint");
    }

    private static string Describe(string line)
    {
        try
        {
            var p = SubmitParametersParser.Parse(line);
            string[] lines = [.. p.MainClass is { } main ? ["class " + main] : Array.Empty<string>(), .. p.PropertiesFile is { } file ? ["file " + file] : Array.Empty<string>()];
            return string.Join('\n', lines.Concat(p.Conf.Values.Select(v => $"{v.Key} = {v.Value}")).Concat(p.Warnings.Select(w => "warn " + w)).OrderBy(l => l.StartsWith("warn", StringComparison.Ordinal) ? 1 : 0));
        }
        catch (SubmitParametersException e)
        {
            return "error " + e.Message;
        }
    }
}
