using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hearth.Aws.S3.Checksums;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Aws.S3.Storage;

/// <summary>What is known of an object beside its bytes.</summary>
public sealed record ObjectMetadata
{
    /// <summary>The key, for people and tools that look at the file.</summary>
    public string Key { get; init; } = "";

    /// <summary>Without quotes: an MD5 in hex, or <c>hex-N</c> when it is not the MD5 of the bytes.</summary>
    public string ETag { get; init; } = "";
    public string? ContentType { get; init; }

    /// <summary>Cache-Control, Content-Disposition, Content-Encoding, Content-Language, Expires.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoEntries;

    /// <summary>Names without <c>x-amz-meta-</c>, lower case.</summary>
    public IReadOnlyDictionary<string, string> UserMetadata { get; init; } = NoEntries;
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoEntries;
    public ChecksumAlgorithm? ChecksumAlgorithm { get; init; }

    /// <summary>Base64; <c>base64-N</c> for a composite one.</summary>
    public string? Checksum { get; init; }

    /// <summary>Sizes of the parts of a multipart upload, bytes.</summary>
    public IReadOnlyList<long>? PartSizes { get; init; }

    /// <summary>Checksums of those parts, base64, when each part had one.</summary>
    public IReadOnlyList<string>? PartChecksums { get; init; }

    /// <summary>The multipart upload that made the object, so that a completion sent twice is answered twice.</summary>
    public string? UploadId { get; init; }

    /// <summary>No entries.</summary>
    internal static IReadOnlyDictionary<string, string> NoEntries { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary><c>FULL_OBJECT</c> or <c>COMPOSITE</c>.</summary>
    [JsonIgnore]
    public string ChecksumType => Checksum?.Contains('-') == true ? "COMPOSITE" : "FULL_OBJECT";
}

/// <summary>
/// Metadata of objects as small files in a tree of their own. The name of such a file holds the size and the time of the object's file,
/// so metadata and bytes change together when the object's file is renamed into place, and metadata of a file that another
/// program has changed since is simply not found.
/// </summary>
internal sealed class MetadataStore(string root)
{
    private readonly string root = Path.GetFullPath(root);

    /// <summary>Metadata of a file as it is now, or null when another program wrote it.</summary>
    public ObjectMetadata? Read(string bucket, string key, long size, DateTime modified)
    {
        var path = PathOf(bucket, key, size, modified);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), S3Json.Default.ObjectMetadata) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes metadata for a file that will have this size and time. It counts once that file is in place; syncing that file's directory
    /// afterwards commits the new name here as well, since file systems with a journal keep the order of such changes.
    /// </summary>
    /// <param name="content">The object's bytes, synced here too: begun together, one commit of the journal mostly serves both.</param>
    public void Write(string bucket, string key, SafeFileHandle content, long size, DateTime modified, ObjectMetadata metadata)
    {
        var path = PathOf(bucket, key, size, modified);
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
        }
        WriteSynced(path, JsonSerializer.SerializeToUtf8Bytes(metadata, S3Json.Default.ObjectMetadata), content);
    }

    /// <summary>Replaces the metadata of a file that is in place, all at once.</summary>
    public void Replace(string bucket, string key, long size, DateTime modified, ObjectMetadata metadata)
    {
        var path = PathOf(bucket, key, size, modified);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ReplaceSynced(path, JsonSerializer.SerializeToUtf8Bytes(metadata, S3Json.Default.ObjectMetadata));
    }

    /// <summary>Forgets the metadata of a file that is gone.</summary>
    public void Remove(string bucket, string key, long size, DateTime modified)
    {
        try
        {
            File.Delete(PathOf(bucket, key, size, modified));
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was ever written there.
        }
    }

    /// <summary>Facts of a bucket, or null.</summary>
    public BucketRecord? ReadBucket(string bucket)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(BucketPath(bucket)), S3Json.Default.BucketRecord);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the facts of a bucket.</summary>
    public void WriteBucket(string bucket, BucketRecord record)
    {
        Directory.CreateDirectory(Path.Join(root, bucket));
        ReplaceSynced(BucketPath(bucket), JsonSerializer.SerializeToUtf8Bytes(record, S3Json.Default.BucketRecord));
    }

    /// <summary>Forgets a bucket and everything in it.</summary>
    public void RemoveBucket(string bucket)
    {
        if (Directory.Exists(Path.Join(root, bucket)))
        {
            Directory.Delete(Path.Join(root, bucket), recursive: true);
        }
    }

    private static void ReplaceSynced(string path, byte[] content)
    {
        WriteSynced(path + ".new", content);
        File.Move(path + ".new", path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes a whole file, or none: a full disk leaves no half of it behind.</summary>
    private static void WriteSynced(string path, byte[] content, SafeFileHandle? other = null)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            RandomAccess.Write(file, content, 0);
            if (other is not null)
            {
                Posix.StartWriteback(file, 0, content.Length);
                Posix.Sync(other);
            }
            Posix.Sync(file);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static void SyncDirectory(string path)
    {
        using var handle = Posix.OpenDirectory(path);
        Posix.Sync(handle);
    }

    private string BucketPath(string bucket) => Path.Join(root, bucket, "bucket.json");

    private string PathOf(string bucket, string key, long size, DateTime modified)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), digest);
        var name = Convert.ToHexStringLower(digest[..20]);
        return Path.Join(root, bucket, name[..2], string.Create(CultureInfo.InvariantCulture, $"{name[2..]}.{size:x}.{modified.Ticks:x}.json"));
    }
}

/// <summary>Facts of a bucket.</summary>
/// <param name="Created">When it was created.</param>
/// <param name="Team">The team that created it; null for the administrator.</param>
public sealed record BucketRecord(DateTimeOffset Created, string? Team)
{
    /// <summary>Tags of the bucket.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ObjectMetadata))]
[JsonSerializable(typeof(BucketRecord))]
[JsonSerializable(typeof(UploadRecord))]
internal sealed partial class S3Json : JsonSerializerContext;
