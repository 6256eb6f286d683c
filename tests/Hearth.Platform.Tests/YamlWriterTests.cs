using System.Text.Json.Nodes;
using Hearth.Platform.Yaml;

namespace Hearth.Platform.Tests;

public sealed class YamlWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("1.33", "\"1.33\"")]
    [InlineData("100Gi", "100Gi")]
    [InlineData("10.1.0.0/16", "10.1.0.0/16")]
    [InlineData("000000000000", "\"000000000000\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2024-01-31", "\"2024-01-31\"")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("", "\"\"")]
    [InlineData("10%", "10%")]
    public void Text_is_quoted_when_another_reader_would_take_it_for_something_else(string text, string expected) =>
        YamlWriter.Write(new JsonObject { ["k"] = text }).ShouldBe($"k: {expected}\n");

    [Fact]
    public void Structure_numbers_and_truth_values_are_plain() =>
        YamlWriter.Write(new JsonObject
        {
            ["count"] = 3,
            ["b"] = true,
            ["none"] = null,
            ["short"] = new JsonArray("a", "b"),
            ["items"] = new JsonArray(new JsonObject { ["x"] = 1 }),
            ["empty"] = new JsonObject(),
        }).ShouldBe("count: 3\nb: true\nnone: null\nshort: [a, b]\nitems:\n- x: 1\nempty: {}\n");

    [Fact]
    public void What_is_written_is_read_back_as_it_was()
    {
        var text = "#!/bin/sh\necho 'a: b'   \n\n\tend\n";

        var (root, faults) = YamlReader.Read(YamlWriter.Write(new JsonObject { ["script"] = text, ["odd: key"] = "- x" }));

        faults.ShouldBeEmpty();
        var map = root.ShouldBeOfType<YamlMap>();
        ((YamlScalar)map.Entries[0].Value).Text.ShouldBe(text);
        map.Entries[1].Key.Text.ShouldBe("odd: key");
        ((YamlScalar)map.Entries[1].Value).Text.ShouldBe("- x");
    }
}
