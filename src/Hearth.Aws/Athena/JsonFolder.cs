using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hearth.Aws.Athena;

/// <summary>Records as JSON files of a directory, held in memory too. A record that was stored survives a crash; each change replaces the file in one step.</summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed class JsonFolder<T>
    where T : class
{
    private readonly ConcurrentDictionary<string, T> items = new(StringComparer.Ordinal);
    private readonly string directory;
    private readonly JsonTypeInfo<T> type;
    private readonly Lock gate = new();

    /// <summary>Reads what is there; left-overs of writes that were cut off, and files that are not records, are skipped.</summary>
    public JsonFolder(string directory, JsonTypeInfo<T> type)
    {
        (this.directory, this.type) = (directory, type);
        Directory.CreateDirectory(directory);
        foreach (var file in Directory.EnumerateFiles(directory, "*.json"))
        {
            try
            {
                if (JsonSerializer.Deserialize(File.ReadAllBytes(file), type) is { } item)
                {
                    items[Uri.UnescapeDataString(Path.GetFileNameWithoutExtension(file))] = item;
                }
            }
            catch (JsonException)
            {
                // A power cut may leave an empty file; the record was never acknowledged.
            }
        }
    }

    /// <summary>All records.</summary>
    public ICollection<T> All => items.Values;

    /// <summary>A record, or null.</summary>
    public T? Find(string key) => items.GetValueOrDefault(key);

    /// <summary>Stores a record unless the key is taken.</summary>
    public bool Add(string key, T item)
    {
        lock (gate)
        {
            if (items.ContainsKey(key))
            {
                return false;
            }

            Store(key, item);
            return true;
        }
    }

    /// <summary>Changes a record; null when there is none, or when the change says that there is nothing to do.</summary>
    public T? Change(string key, Func<T, T?> change)
    {
        lock (gate)
        {
            if (items.GetValueOrDefault(key) is not { } known || change(known) is not { } changed)
            {
                return null;
            }

            Store(key, changed);
            return changed;
        }
    }

    /// <summary>Removes a record.</summary>
    public bool Remove(string key)
    {
        lock (gate)
        {
            File.Delete(FileOf(key));
            return items.TryRemove(key, out _);
        }
    }

    private void Store(string key, T item)
    {
        var temporary = FileOf(key) + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(item, type));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, FileOf(key), overwrite: true);
        items[key] = item;
    }

    private string FileOf(string key) => Path.Combine(directory, Uri.EscapeDataString(key) + ".json");
}
