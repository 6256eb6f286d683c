using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Hearth.Aws.S3.Checksums;

namespace Hearth.Aws.S3.Storage;

/// <summary>An upload in parts that is under way.</summary>
public sealed record UploadRecord
{
    public required string UploadId { get; init; }
    public required string Key { get; init; }
    public required DateTimeOffset Initiated { get; init; }

    /// <summary>Metadata that the object will have; ETag and checksum come at the end.</summary>
    public required ObjectMetadata Metadata { get; init; }

    /// <summary><c>FULL_OBJECT</c> or <c>COMPOSITE</c>; null without checksum algorithm.</summary>
    public string? ChecksumType { get; init; }
}

/// <summary>A part that has arrived.</summary>
/// <param name="Number">1 to 10000.</param>
/// <param name="ETag">MD5 in hex.</param>
/// <param name="Size">Bytes.</param>
/// <param name="LastModified">When it arrived.</param>
/// <param name="Algorithm">Of the checksum.</param>
/// <param name="Checksum">Digest, or null.</param>
public sealed record UploadedPart(int Number, string ETag, long Size, DateTimeOffset LastModified, ChecksumAlgorithm? Algorithm, byte[]? Checksum)
{
    /// <summary>File of the part.</summary>
    internal string Path { get; init; } = "";
}

/// <summary>
/// Multipart uploads as directories beside the buckets: a record and one file a part. All that is known of a part stands in the name of its
/// file, so it changes in one step and lasts as the part does.
/// </summary>
public sealed class MultipartUploads(ObjectStorage storage)
{
    private const string RecordName = "upload.json";
    private const int Stripes = 64;
    private readonly SemaphoreSlim[] locks = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits until nobody else completes this upload, and keeps others from it until disposed.</summary>
    internal async Task<IDisposable> HoldAsync(string uploadId, CancellationToken ct)
    {
        var one = locks[(uint)string.GetHashCode(uploadId, StringComparison.Ordinal) % Stripes];
        await one.WaitAsync(ct).ConfigureAwait(false);
        return new Held(one);
    }

    /// <summary>Starts an upload.</summary>
    public UploadRecord Create(string bucket, string key, ObjectMetadata metadata, string? checksumType)
    {
        var now = storage.Now;
        var record = new UploadRecord
        {
            // Ids sort by time, as listings of uploads need.
            UploadId = now.UtcTicks.ToString("x16", CultureInfo.InvariantCulture) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Key = key,
            Initiated = now,
            Metadata = metadata,
            ChecksumType = checksumType,
        };
        var directory = DirectoryOf(bucket, record.UploadId);
        Directory.CreateDirectory(directory);
        var path = Path.Join(directory, RecordName);
        using (var file = File.OpenHandle(path + ".new", FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, JsonSerializer.SerializeToUtf8Bytes(record, S3Json.Default.UploadRecord), 0);
            Posix.Sync(file);
        }
        File.Move(path + ".new", path);
        Sync(directory);
        Sync(Path.GetDirectoryName(directory)!);
        return record;
    }

    /// <summary>An upload under way, or null.</summary>
    public UploadRecord? Find(string bucket, string uploadId)
    {
        try
        {
            return uploadId.Length > 0 && uploadId.All(char.IsAsciiLetterOrDigit)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(Path.Join(DirectoryOf(bucket, uploadId), RecordName)), S3Json.Default.UploadRecord)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Uploads of a bucket by key, then by time.</summary>
    public IReadOnlyList<UploadRecord> List(string bucket)
    {
        var directory = new DirectoryInfo(Path.Join(storage.UploadsDirectory, bucket));
        return directory.Exists
            ? [.. directory.EnumerateDirectories().Select(d => Find(bucket, d.Name)).OfType<UploadRecord>()
                .OrderBy(u => u.Key, Utf8Order.Instance).ThenBy(u => u.UploadId, StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Keeps a part; of several with the same number the newest counts.</summary>
    /// <returns>Null when the upload is gone.</returns>
    public UploadedPart? AddPart(string bucket, string uploadId, int number, StagedObject staged, ChecksumAlgorithm? algorithm)
    {
        Posix.Sync(staged.Handle);
        var directory = DirectoryOf(bucket, uploadId);
        var checksum = staged.Digests.Checksum;
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{number:D5}~{staged.Digests.ETag}~{(checksum is null ? "" : algorithm?.Name())}~{Convert.ToHexStringLower(checksum ?? [])}");
        try
        {
            File.Move(staged.FilePath, Path.Join(directory, name), overwrite: true);
            Sync(directory);
            return Parse(new FileInfo(Path.Join(directory, name)));
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException && Find(bucket, uploadId) is null)
        {
            return null;
        }
    }

    /// <summary>Parts that have arrived, by number.</summary>
    public IReadOnlyList<UploadedPart> Parts(string bucket, string uploadId)
    {
        try
        {
            return [.. new DirectoryInfo(DirectoryOf(bucket, uploadId)).EnumerateFiles("*~*").Select(Parse)
                .GroupBy(p => p.Number).Select(g => g.MaxBy(p => p.LastModified)!).OrderBy(p => p.Number)];
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            // Completed or aborted in this moment.
            return [];
        }
    }

    /// <summary>Puts parts one after the other into staged bytes.</summary>
    public async Task<StagedObject> JoinAsync(IReadOnlyList<UploadedPart> parts, CancellationToken ct)
    {
        var staged = storage.StageEmpty();
        try
        {
            return await storage.OnDiskThreadAsync(() =>
            {
                foreach (var part in parts)
                {
                    using var source = File.OpenHandle(part.Path);
                    staged.Append(source, ct);
                }
                return staged;
            }).ConfigureAwait(false);
        }
        catch
        {
            await staged.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Forgets an upload and its parts; false when there is none.</summary>
    public bool Remove(string bucket, string uploadId)
    {
        if (Find(bucket, uploadId) is null)
        {
            return false;
        }
        // Moved away first: a part that arrives now finds no upload, instead of a directory that is being emptied.
        var gone = storage.StagingPath();
        Directory.Move(DirectoryOf(bucket, uploadId), gone);
        Directory.Delete(gone, recursive: true);
        return true;
    }

    /// <summary>Removes uploads whose beginning was cut off by a crash, before anybody knew of them.</summary>
    internal static void RemoveUnbegun(string uploads)
    {
        foreach (var bucket in Directory.Exists(uploads) ? Directory.GetDirectories(uploads) : [])
        {
            foreach (var upload in Directory.GetDirectories(bucket).Where(d => !File.Exists(Path.Join(d, RecordName))))
            {
                Directory.Delete(upload, recursive: true);
            }
        }
    }

    private string DirectoryOf(string bucket, string uploadId) => Path.Join(storage.UploadsDirectory, bucket, uploadId);

    private static UploadedPart Parse(FileInfo file)
    {
        var fields = file.Name.Split('~');
        return new UploadedPart(
            int.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero),
            ChecksumNames.Parse(fields[2]), fields[3].Length == 0 ? null : Convert.FromHexString(fields[3]))
        {
            Path = file.FullName,
        };
    }

    private sealed class Held(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }

    private static void Sync(string directory)
    {
        using var handle = Posix.OpenDirectory(directory);
        Posix.Sync(handle);
    }
}
