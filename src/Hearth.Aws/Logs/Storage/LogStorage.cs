using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Logs.Storage;

/// <summary>Log groups as directories, their streams as append-only files. Everything acknowledged survives a crash.</summary>
public sealed class LogStorage : IDisposable
{
    private const string GroupFile = "group.json";
    private const string Extension = ".log";
    private readonly string root;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, Group> groups = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    private LogStorage(string root, TimeProvider time) => (this.root, this.time) = (root, time);

    /// <summary>All groups, by name.</summary>
    public IReadOnlyList<LogGroupInfo> Groups => [.. groups.Values.Select(g => g.Info).OrderBy(g => g.Name, StringComparer.Ordinal)];

    /// <summary>Opens what is in a directory, made when missing. Streams are read when they are first asked for.</summary>
    public static LogStorage Open(string directory, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        var storage = new LogStorage(directory, time);
        foreach (var path in Directory.EnumerateDirectories(directory))
        {
            var file = Path.Combine(path, GroupFile);
            if (File.Exists(file) && JsonSerializer.Deserialize(File.ReadAllBytes(file), LogJson.Default.LogGroupInfo) is { } info)
            {
                storage.groups[info.Name] = new Group(path, info, time);
            }
        }

        return storage;
    }

    /// <summary>A group, or null.</summary>
    public LogGroupInfo? FindGroup(string name) => groups.GetValueOrDefault(name)?.Info;

    /// <summary>Makes a group; false when there is one of this name.</summary>
    public bool CreateGroup(string name, IReadOnlyDictionary<string, string>? tags = null)
    {
        lock (gate)
        {
            if (groups.ContainsKey(name))
            {
                return false;
            }

            var info = new LogGroupInfo { Name = name, Created = Now, Tags = tags ?? new Dictionary<string, string>(StringComparer.Ordinal) };
            var path = Path.Combine(root, LogFileNames.Of(name));
            Save(path, info);
            groups[name] = new Group(path, info, time);
            return true;
        }
    }

    /// <summary>Changes what is known of a group; false when there is none.</summary>
    public bool ChangeGroup(string name, Func<LogGroupInfo, LogGroupInfo> change)
    {
        lock (gate)
        {
            if (!groups.TryGetValue(name, out var group))
            {
                return false;
            }

            var info = change(group.Info);
            Save(group.Path, info);
            group.Info = info;
            return true;
        }
    }

    /// <summary>Removes a group with its streams; false when there is none.</summary>
    public bool DeleteGroup(string name)
    {
        lock (gate)
        {
            if (!groups.TryRemove(name, out var group))
            {
                return false;
            }

            group.Dispose();
            Directory.Delete(group.Path, recursive: true);
            return true;
        }
    }

    /// <summary>Makes a stream; false when there is one of this name.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such group.</exception>
    public bool CreateStream(string group, string name) => Required(group).Create(name, Now);

    /// <summary>Removes a stream; false when there is none.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such group.</exception>
    public bool DeleteStream(string group, string name) => Required(group).Delete(name);

    /// <summary>The streams of a group, by name.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such group.</exception>
    public IReadOnlyList<LogStreamInfo> Streams(string group) => Required(group).Streams;

    /// <summary>Whether there is a stream.</summary>
    public bool HasStream(string group, string name) => groups.GetValueOrDefault(group)?.Find(name) is not null;

    /// <summary>Adds events to a stream that is there.</summary>
    /// <param name="durable">Whether they must survive a power cut, not only the end of this process.</param>
    /// <returns>False when there is no such stream.</returns>
    public bool Append(string group, string stream, IReadOnlyList<NewLogEvent> events, bool durable)
    {
        if (groups.GetValueOrDefault(group)?.Find(stream) is not { } file)
        {
            return false;
        }

        try
        {
            file.Append(events, Now, durable);
            return true;
        }
        catch (ObjectDisposedException)
        {
            // The stream was deleted meanwhile.
            return false;
        }
    }

    /// <summary>Makes what was added to a stream survive a power cut; false when there is no such stream.</summary>
    public bool Flush(string group, string stream)
    {
        if (groups.GetValueOrDefault(group)?.Find(stream) is not { } file)
        {
            return false;
        }

        try
        {
            file.Flush();
            return true;
        }
        catch (ObjectDisposedException)
        {
            // The stream was deleted meanwhile.
            return false;
        }
    }

    /// <summary>Events of a stream after one position and before another; those past the group's retention are not there.</summary>
    public IReadOnlyList<LogEvent> Read(string group, string stream, LogPosition after, LogPosition before, int most, bool fromEnd)
    {
        if (groups.GetValueOrDefault(group) is not { } found || found.Find(stream) is not { } file)
        {
            return [];
        }

        var oldest = found.Info.RetentionDays is { } days ? new LogPosition(time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds(), 0) : LogPosition.Start;
        try
        {
            return file.Read(after.CompareTo(oldest) < 0 ? oldest : after, before, most, fromEnd);
        }
        catch (ObjectDisposedException)
        {
            // The stream was deleted meanwhile.
            return [];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in groups.Values)
        {
            group.Dispose();
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private Group Required(string name) => groups.GetValueOrDefault(name) ?? throw new DirectoryNotFoundException($"There is no log group {name}.");

    private static void Save(string path, LogGroupInfo info)
    {
        Directory.CreateDirectory(path);
        PrivateFile.Replace(Path.Combine(path, GroupFile), JsonSerializer.SerializeToUtf8Bytes(info, LogJson.Default.LogGroupInfo));
    }

    /// <summary>One group with its streams.</summary>
    private sealed class Group(string path, LogGroupInfo info, TimeProvider time) : IDisposable
    {
        private readonly Lock gate = new();
        private ConcurrentDictionary<string, StreamFile>? streams;

        public string Path => path;

        public LogGroupInfo Info { get; set; } = info;

        public IReadOnlyList<LogStreamInfo> Streams => [.. Files().Values.Select(s => s.Describe()).OrderBy(s => s.Name, StringComparer.Ordinal)];

        public StreamFile? Find(string name) => Files().GetValueOrDefault(name);

        public bool Create(string name, long now)
        {
            var files = Files();
            lock (gate)
            {
                if (files.ContainsKey(name))
                {
                    return false;
                }

                files[name] = StreamFile.Create(FileOf(name), name, now);
                return true;
            }
        }

        public bool Delete(string name)
        {
            var files = Files();
            lock (gate)
            {
                if (!files.TryRemove(name, out var file))
                {
                    return false;
                }

                file.Dispose();
                File.Delete(FileOf(name));
                return true;
            }
        }

        public void Dispose()
        {
            foreach (var file in streams?.Values ?? [])
            {
                file.Dispose();
            }
        }

        private string FileOf(string name) => System.IO.Path.Combine(path, LogFileNames.Of(name) + Extension);

        private ConcurrentDictionary<string, StreamFile> Files()
        {
            lock (gate)
            {
                return streams ??= Load();
            }
        }

        private ConcurrentDictionary<string, StreamFile> Load()
        {
            var result = new ConcurrentDictionary<string, StreamFile>(StringComparer.Ordinal);
            var oldest = Info.RetentionDays is { } days ? time.GetUtcNow().AddDays(-days).ToUnixTimeMilliseconds() : long.MinValue;
            foreach (var path in Directory.EnumerateFiles(path, "*" + Extension))
            {
                if (StreamFile.Open(path) is not { } file)
                {
                    continue;
                }

                // What is past its retention is not read any more, and goes when its group is opened.
                if (file.Describe().LastEvent < oldest)
                {
                    file.Dispose();
                    File.Delete(path);
                    continue;
                }

                result[file.Name] = file;
            }

            return result;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LogGroupInfo))]
internal sealed partial class LogJson : JsonSerializerContext;
