using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Tests.Spark;

public sealed class PodTemplateTests
{
    public static IEnumerable<TheoryDataRow<string, string, string>> Cases() => CaseFile.Read("pod-templates.txt").Select(c =>
    {
        var cut = Array.IndexOf(c.Body, "---8<---");
        return new TheoryDataRow<string, string, string>(c.Head, string.Join('\n', c.Body[..cut]), string.Join('\n', c.Body[(cut + 1)..]));
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Templates_are_checked(string head, string text, string expected)
    {
        var role = head.StartsWith("driver", StringComparison.Ordinal) ? SparkRole.Driver : SparkRole.Executor;
        var rules = head.EndsWith("emr", StringComparison.Ordinal) ? PodTemplateRules.Emr : PodTemplateRules.Spark;
        string actual;
        try
        {
            var template = PodTemplate.Parse(text, role, rules);
            actual = template.Warnings.Count == 0 ? "ok" : string.Join('\n', template.Warnings.Select(w => "warn " + w));
        }
        catch (PodTemplateException e)
        {
            actual = e.Message;
        }

        actual.ShouldBe(expected);
    }

    [Fact]
    public void Numbers_become_text_where_Kubernetes_wants_text()
    {
        var pod = PodTemplate.Parse("metadata: {labels: {a: 1}, annotations: {b: true}}\nspec: {nodeSelector: {c: 2}, containers: [{name: x, env: [{name: N, value: 3}]}]}", SparkRole.Driver, PodTemplateRules.Emr).Pod;
        pod.ToJsonString().ShouldBe("""{"metadata":{"labels":{"a":"1"},"annotations":{"b":"true"}},"spec":{"nodeSelector":{"c":"2"},"containers":[{"name":"x","env":[{"name":"N","value":"3"}]}]}}""");
    }
}
