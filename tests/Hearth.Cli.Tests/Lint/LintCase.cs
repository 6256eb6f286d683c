using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Cli.Tests.Lint;

/// <summary>
/// A case of <c>cases/lint/*.txt</c>: <c>=== name</c>, then sections. <c>--- conf</c> and <c>--- parameters</c> fill an ordinary request, <c>--- request</c> is a whole one;
/// <c>--- driver</c>, <c>--- executor</c> are pod templates, <c>--- options</c> more words of the command line; <c>--- findings</c> is what is found, one a line.
/// </summary>
public sealed record LintCase(string Name, IReadOnlyDictionary<string, string> Sections)
{
    private const string Usual = """
        {
          "name": "job",
          "virtualClusterId": "${VIRTUAL_CLUSTER_ID}",
          "executionRoleArn": "${ROLE_ARN}",
          "releaseLabel": "emr-7.9.0-latest",
          "jobDriver": {
            "sparkSubmitJobDriver": {"entryPoint": "${S3_BUCKET}/job/scripts/job.py"PARAMETERS}
          },
          "configurationOverrides": {
            "applicationConfiguration": [
              {
                "classification": "spark-defaults",
                "properties": {
        PROPERTIES
                }
              }
            ]
          }
        }
        """;

    public string Findings => Sections.GetValueOrDefault("findings", "").Trim();

    /// <summary>A declaration of the case's own is given as <c>--platform small.yaml</c>.</summary>
    public IReadOnlyList<string> Options => Sections.GetValueOrDefault("options", "").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The cases of a file.</summary>
    public static IEnumerable<LintCase> Read(string file)
    {
        foreach (var block in ("\n" + File.ReadAllText(file)).Split("\n=== ").Skip(1))
        {
            var parts = block.Split("\n--- ");
            yield return new LintCase(parts[0].Trim(), parts.Skip(1).Select(p => p.Split('\n', 2)).ToDictionary(p => p[0].Trim(), p => p.Length > 1 ? p[1] : ""));
        }
    }

    /// <summary>Writes the files of the case; the request's path.</summary>
    public string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "job.py"), "");
        foreach (var role in (string[])["driver", "executor"])
        {
            if (Sections.TryGetValue(role, out var template))
            {
                File.WriteAllText(Path.Combine(folder, $"{role}.yaml"), template);
            }
        }

        if (Sections.TryGetValue("platform", out var platform))
        {
            File.WriteAllText(Path.Combine(folder, "small.yaml"), platform);
        }

        var request = Path.Combine(folder, "request.json");
        File.WriteAllText(request, Sections.GetValueOrDefault("request") ?? Request());
        return request;
    }

    private string Request()
    {
        var lines = Sections.GetValueOrDefault("conf", "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(((string[])["driver", "executor"]).Where(Sections.ContainsKey).Select(r => $"spark.kubernetes.{r}.podTemplateFile=${{S3_BUCKET}}/job/scripts/{r}.yaml"));
        var properties = lines.Select(l => l.Split('=', 2)).Select(p => $"          {Text(p[0])}: {Text(p[1])}");
        var parameters = Sections.TryGetValue("parameters", out var given) ? $", \"sparkSubmitParameters\": {Text(given.Trim())}" : "";
        return Usual.Replace("PROPERTIES", string.Join(",\n", properties)).Replace("PARAMETERS", parameters);
    }

    private static string Text(string text) => JsonValue.Create(text).ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
