using Hearth.Engine.Session;

namespace Hearth.Engine.Tests;

/// <summary>Sessions for tests, each with a warehouse of its own.</summary>
internal static class Sessions
{
    public static EngineSession Open(string zone = "UTC", params (string Key, string Value)[] conf)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["spark.sql.session.timeZone"] = zone,
            ["spark.sql.warehouse.dir"] = Path.Combine(Path.GetTempPath(), $"hearth-warehouse-{Guid.NewGuid():N}"),
        };
        foreach ((string key, string value) in conf)
        {
            settings[key] = value;
        }

        return EngineSession.Open(new EngineOptions { Conf = settings });
    }
}
