using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Jobs.Validation;

namespace Hearth.Jobs.Tests.Service;

public sealed class RequestConstraintsTests
{
    private const string Good = """
        {"virtualClusterId":"abc","clientToken":"t","executionRoleArn":"arn:aws:iam::123456789012:role/r","releaseLabel":"emr-6.11.0-latest",
         "jobDriver":{"sparkSubmitJobDriver":{"entryPoint":"s3://b/x.py"}}}
        """;

    public static IEnumerable<TheoryDataRow<string, string>> Cases() =>
        CaseFile.Read("start-job-run-constraints.txt").Select(c => new TheoryDataRow<string, string>(c.Head, string.Join('\n', c.Body)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_constraint_has_its_message(string change, string expected)
    {
        var json = (JsonObject)JsonNode.Parse(Good)!;
        var (path, value) = (change[..change.IndexOf('=')], change[(change.IndexOf('=') + 1)..]);
        JsonNode at = json;
        var steps = path.Split('.');
        foreach (var step in steps[..^1])
        {
            at = at[step] ??= new JsonObject();
        }

        var text = value.StartsWith("repeat ", StringComparison.Ordinal) ? '"' + new string('a', int.Parse(value[7..])) + '"' : value;
        at[steps[^1]] = JsonNode.Parse(text);
        var request = json.Deserialize(JobsJson.Default.StartJobRunRequest)!;
        string actual;
        try
        {
            Requests.Check(request);
            actual = "ok";
        }
        catch (JobException e)
        {
            actual = e.Message;
        }

        actual.ShouldBe(expected);
    }
}
