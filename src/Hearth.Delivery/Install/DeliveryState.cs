using System.Text.Json.Nodes;

namespace Hearth.Delivery.Install;

/// <summary>Which steps are done, and with what content: kept in a file, so that a run that failed goes on where it stopped. A changed step is done again.</summary>
public sealed class DeliveryState
{
    private readonly string _file;
    private readonly SortedDictionary<string, string> _done;

    private DeliveryState(string file, SortedDictionary<string, string> done) => (_file, _done) = (file, done);

    /// <summary>Reads a state; a file that is missing or broken is an empty one, since every step may be repeated.</summary>
    public static DeliveryState Open(string file)
    {
        var done = new SortedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var (id, content) in File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? [] : [])
            {
                done[id] = content?.ToString() ?? "";
            }
        }
        catch (System.Text.Json.JsonException)
        {
            done.Clear();
        }

        return new DeliveryState(file, done);
    }

    public bool IsDone(string step, string content) => _done.TryGetValue(step, out var with) && with == content;

    /// <summary>Written before the next step begins; by rename, so that a kill leaves the old file or the new one.</summary>
    public void Done(string step, string content)
    {
        _done[step] = content;
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var fresh = $"{_file}.new";
        File.WriteAllText(fresh, new JsonObject(_done.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))).ToJsonString());
        File.Move(fresh, _file, overwrite: true);
    }

    /// <summary>Forgets everything, once the platform is gone.</summary>
    public void Clear()
    {
        _done.Clear();
        File.Delete(_file);
    }
}
