using Hearth.Kube.Selectors;

namespace Hearth.Kube.Tests.Selectors;

public sealed class SelectorTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "web", ["tier"] = "front", ["spark-exec-id"] = "2", ["empty"] = "" };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web,tier=front", true)]
    [InlineData("app=web,tier=back", false)]
    [InlineData("app!=db", true)]
    [InlineData("missing!=x", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("spark-exec-id in (1,2)", true)]
    [InlineData("app notin (web)", false)]
    [InlineData("missing notin (web)", true)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData("!missing , app", true)]
    [InlineData("empty=", true)]
    [InlineData("missing=", false)]
    [InlineData("spark-exec-id>1", true)]
    [InlineData("spark-exec-id<2", false)]
    public void Label_selectors_match_as_upstream(string text, bool expected)
    {
        LabelSelector.Parse(text).Matches(Labels).ShouldBe(expected);
        LabelSelector.Parse(LabelSelector.Parse(text).ToString()).Matches(Labels).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a in b")]
    [InlineData("a in (b")]
    [InlineData("a b c")]
    [InlineData("=x")]
    [InlineData("a,")]
    [InlineData("a!b")]
    public void A_bad_label_selector_is_refused_in_upstreams_words(string text) =>
        Should.Throw<FormatException>(() => LabelSelector.Parse(text)).Message.ShouldStartWith("unable to parse requirement: ");

    [Theory]
    [InlineData("", true)]
    [InlineData("status.phase=Running", true)]
    [InlineData("status.phase==Running,spec.nodeName=n", true)]
    [InlineData("status.phase!=Failed,status.phase!=Succeeded", true)]
    [InlineData("spec.nodeName=", false)]
    [InlineData("status.podIP=", true)]
    public void Field_selectors_compare_text_and_absence(string text, bool expected) =>
        FieldSelector.Parse(text).Matches(f => f switch { "status.phase" => "Running", "spec.nodeName" => "n", _ => null }).ShouldBe(expected);

    [Fact]
    public void A_pinned_field_is_known() => FieldSelector.Parse("metadata.name=x,a!=b").Pinned("metadata.name").ShouldBe("x");
}
