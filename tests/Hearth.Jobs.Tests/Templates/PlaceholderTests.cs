using System.Text.Json.Nodes;
using Hearth.Jobs.Templates;

namespace Hearth.Jobs.Tests.Templates;

public sealed class PlaceholderTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("${A}", "1")]
    [InlineData("x${A}y${B}z", "x1y${A}z")]
    [InlineData("${C}", "${C}")]
    [InlineData("${A", "${A")]
    [InlineData("$A {A} $${A}", "$A {A} $1")]
    [InlineData("${}", "${}")]
    [InlineData("${A b}", "${A b}")]
    [InlineData("${a.b-c#d_e}", "dots")]
    public void Values_take_the_place_of_placeholders_once(string text, string expected)
    {
        var values = new Dictionary<string, string> { ["A"] = "1", ["B"] = "${A}", ["a.b-c#d_e"] = "dots" };
        var filled = Placeholders.Fill(new JsonObject { ["${A}"] = new JsonArray(text, 5, true, null) }, values)!;
        filled["${A}"]![0]!.ToString().ShouldBe(expected);
        filled["${A}"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public void Each_placeholder_is_found_where_it_first_stands() =>
        Placeholders.Of(JsonNode.Parse("""{"a":{"b":["x","${P} ${Q}"]},"c":"${P}","${R}":1}""")!)
            .ShouldBe(new Dictionary<string, string> { ["P"] = "a.b.2", ["Q"] = "a.b.2" }, ignoreOrder: true);
}
