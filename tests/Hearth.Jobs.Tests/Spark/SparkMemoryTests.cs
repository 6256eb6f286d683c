using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Tests.Spark;

public sealed class SparkMemoryTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Cases() =>
        CaseFile.Read("memory.txt").Select(c => new TheoryDataRow<string, string>(c.Head, c.Body[0]));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pods_get_the_memory_that_Spark_gives_them(string settings, string expected)
    {
        var words = settings.Split(' ');
        var conf = SparkConf.Of(words.Skip(2).Select(w => w.Split('=', 2)).Select(w => KeyValuePair.Create(w[0], w[1])));
        string actual;
        try
        {
            var memory = words[0] == "driver" ? SparkMemory.OfDriver(conf, words[1] == "py") : SparkMemory.OfExecutor(conf, words[1] == "py");
            actual = FormattableString.Invariant($"{memory.Heap} {memory.Overhead} {memory.OffHeap} {memory.Python} {memory.Total}");
        }
        catch (SparkConfException e)
        {
            actual = "error " + e.Message;
        }

        actual.ShouldBe(expected);
    }
}
