using System.Text.Json.Nodes;
using Hearth.Kube.Patches;

namespace Hearth.Kube.Tests.Patches;

/// <summary>The tables in <c>cases/patches</c>: document, patch, and the result or the failure.</summary>
public class PatchCaseTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Cases(string file) =>
        Load(file).Select(one => new TheoryDataRow<string, string>(file, one["name"]!.ToString()) { TestDisplayName = $"{file}: {one["name"]}" });

    [Theory]
    [MemberData(nameof(Cases), "json-patch")]
    public void Json_patch(string file, string name) => Check(file, name, one => JsonPatch.Apply(one["doc"], one["patch"]!.AsArray()));

    [Theory]
    [MemberData(nameof(Cases), "merge-patch")]
    public void Merge_patch(string file, string name) => Check(file, name, one => MergePatch.Apply(one["doc"], one["patch"]));

    [Theory]
    [MemberData(nameof(Cases), "strategic-merge-patch")]
    public void Strategic_merge_patch(string file, string name) =>
        Check(file, name, one => StrategicMergePatch.Apply(one["doc"]!.AsObject(), one["patch"]!.AsObject(), Schemas.Of(one["type"]!.ToString())));

    private static void Check(string file, string name, Func<JsonObject, JsonNode?> apply)
    {
        var one = Load(file).Single(one => one["name"]!.ToString() == name);
        var (doc, patch) = (one["doc"]?.ToJsonString(), one["patch"]?.ToJsonString());
        if (one["error"] is { } error)
        {
            Should.Throw<PatchException>(() => apply(one)).Failure.ToString().ShouldBe(error.ToString());
        }
        else
        {
            var result = apply(one);
            JsonNode.DeepEquals(result, one["result"]).ShouldBeTrue($"got {result?.ToJsonString()}");
        }

        one["doc"]?.ToJsonString().ShouldBe(doc, "the input must not change");
        one["patch"]?.ToJsonString().ShouldBe(patch, "the patch must not change");
    }

    private static List<JsonObject> Load(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases", "patches", file + ".json")))!.AsArray().Select(one => one!.AsObject()).ToList();
}

/// <summary>Schemas by "apiVersion Kind".</summary>
internal static class Schemas
{
    public static PatchSchema Of(string type)
    {
        var (apiVersion, kind) = type.Split(' ') is [var a, var k] ? (a, k) : throw new FormatException(type);
        return apiVersion.Split('/') is [var group, var version] ? PatchSchema.For(group, version, kind) : PatchSchema.For("", apiVersion, kind);
    }
}
