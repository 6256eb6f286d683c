using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Cli.Commands.Plan;

/// <summary>One line of a trace and its fields; a field that is wrong is named with file and line.</summary>
internal sealed class TraceLine(string file, int number, JsonObject json)
{
    private static readonly string[] Known =
        ["at", "name", "minutes", "executors", "executor", "driver", "request", "queue", "user", "gang", "priority", "nodeSelector", "driverNodeSelector", "executorNodeSelector", "tolerations", "count", "every"];

    public int Number => number;

    /// <exception cref="CliException">A field is not one of a trace.</exception>
    public void CheckNames()
    {
        foreach (var name in json.Select(f => f.Key).Where(k => !Known.Contains(k)))
        {
            throw Wrong(name, $"no such field; a submission has {string.Join(", ", Known)}");
        }
    }

    public CliException Wrong(string field, string problem) => CliException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{file}:{number}: {field}: {problem}"));

    public bool Has(string field) => json.ContainsKey(field);

    public string Text(string field, string otherwise) => json[field] switch
    {
        null => otherwise,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw Wrong(field, "a text was expected"),
    };

    /// <summary>A style of gangs; <c>true</c> is YuniKorn's own, Soft.</summary>
    public GangStyle? Gang(string field) => json[field] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag ? GangStyle.Soft : null,
        JsonValue value when value.TryGetValue<string>(out var text) && Enum.GetNames<GangStyle>().Contains(text) => Enum.Parse<GangStyle>(text),
        _ => throw Wrong(field, "true, false, Soft or Hard was expected"),
    };

    public int Whole(string field, int? otherwise, int least, int most) => json[field] switch
    {
        null when otherwise is { } given => given,
        JsonValue value when value.TryGetValue<int>(out var whole) && whole >= least && whole <= most => whole,
        _ => throw Wrong(field, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most} was expected")),
    };

    public double Positive(string field) => json[field] is JsonValue value && value.TryGetValue<double>(out var amount) && amount is > 0 and < 1e6
        ? amount
        : throw Wrong(field, "a number above 0 was expected");

    /// <summary>Seconds, or a duration such as <c>1h30m</c>.</summary>
    public TimeSpan Time(string field, TimeSpan? otherwise)
    {
        try
        {
            return json[field] switch
            {
                null when otherwise is { } given => given,
                JsonValue value when value.TryGetValue<double>(out var seconds) && seconds is >= 0 and < 1e9 => TimeSpan.FromSeconds(seconds),
                JsonValue value when value.TryGetValue<string>(out var text) && KarpenterDuration.Parse(text) is { } time && time >= TimeSpan.Zero => time,
                _ => throw Wrong(field, "seconds or a duration such as 1h30m were expected"),
            };
        }
        catch (FormatException)
        {
            throw Wrong(field, "seconds or a duration such as 1h30m were expected");
        }
    }

    /// <summary>Requests of a pod, of cpu and memory.</summary>
    public Dictionary<string, Quantity> Requests(string field, string cpu, string memory)
    {
        if (json[field] is null)
        {
            return new(StringComparer.Ordinal) { ["cpu"] = Quantity.Parse(cpu), ["memory"] = Quantity.Parse(memory) };
        }

        var given = json[field] as JsonObject ?? throw Wrong(field, "an object with cpu and memory was expected");
        return new(given.Select(r => new KeyValuePair<string, Quantity>(r.Key, Amount($"{field}.{r.Key}", r.Value))), StringComparer.Ordinal);
    }

    public Dictionary<string, string> Texts(string field)
    {
        if (json[field] is null)
        {
            return new(StringComparer.Ordinal);
        }

        var given = json[field] as JsonObject ?? throw Wrong(field, "an object of texts was expected");
        return new(given.Select(l => new KeyValuePair<string, string>(
            l.Key, l.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Wrong($"{field}.{l.Key}", "a text was expected"))), StringComparer.Ordinal);
    }

    public IReadOnlyList<Kube.Core.Toleration> Tolerations(string field) => json[field] switch
    {
        null => [],
        JsonArray list => [.. list.Select((t, i) => t is JsonObject given ? Toleration(given) : throw Wrong($"{field}[{i}]", "a toleration was expected"))],
        _ => throw Wrong(field, "a list of tolerations was expected"),
    };

    private static Kube.Core.Toleration Toleration(JsonObject given) => new()
    {
        Key = given["key"]?.ToString(), Operator = given["operator"]?.ToString(), Value = given["value"]?.ToString(), Effect = given["effect"]?.ToString(),
    };

    private Quantity Amount(string field, JsonNode? value)
    {
        try
        {
            return Quantity.Parse(value?.ToString() ?? "");
        }
        catch (FormatException)
        {
            throw Wrong(field, "a quantity such as 4, 500m or 16Gi was expected");
        }
    }
}
