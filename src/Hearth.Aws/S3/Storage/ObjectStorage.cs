using System.Security.Cryptography;
using System.Text;
using Hearth.Aws.S3.Checksums;

namespace Hearth.Aws.S3.Storage;

/// <summary>
/// Buckets and objects as plain files: <c>ROOT/BUCKET/KEY</c>. Other programs may read, write and remove these files in place at any time.
/// What a file cannot hold (ETag, content type, user metadata) is kept in a tree beside it and counts only while size and time
/// of the file are those it was written for. Writes appear all at once and, when acknowledged, survive a crash.
/// </summary>
public sealed class ObjectStorage : IDisposable
{
    private const int Stripes = 512;
    private const int MostDiskThreads = 16;
    private readonly ObjectTree tree;
    private readonly MetadataStore metadata;
    private readonly DirectoryReader reader;
    private readonly DiskThreads disk = new(MostDiskThreads);
    private readonly TimeProvider time;
    private readonly string stagingDirectory;
    private readonly Lock bucketGate = new();
    private readonly SemaphoreSlim[] locks = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    private ObjectStorage(string root, string metadataRoot, TimeProvider time)
    {
        this.time = time;
        tree = new ObjectTree(root);
        metadata = new MetadataStore(metadataRoot);
        reader = new DirectoryReader(tree, time);
        stagingDirectory = Path.Join(tree.Root, ".staging");
        UploadsDirectory = Path.Join(tree.Root, ".uploads");
    }

    internal string UploadsDirectory { get; }

    /// <summary>Opens a store, making its directories; left-overs of writes that a crash cut off are removed. One process at a time.</summary>
    /// <param name="root">Directory of the buckets.</param>
    /// <param name="metadataRoot">Directory of the metadata; not below <paramref name="root"/>.</param>
    /// <param name="time">The clock.</param>
    public static ObjectStorage Open(string root, string metadataRoot, TimeProvider time)
    {
        var storage = new ObjectStorage(root, metadataRoot, time);
        if (Directory.Exists(storage.stagingDirectory))
        {
            Directory.Delete(storage.stagingDirectory, recursive: true);
        }
        Directory.CreateDirectory(storage.stagingDirectory);
        MultipartUploads.RemoveUnbegun(storage.UploadsDirectory);
        return storage;
    }

    /// <summary>All buckets by name.</summary>
    public IReadOnlyList<BucketInfo> ListBuckets() =>
    [
        .. new DirectoryInfo(tree.Root).EnumerateDirectories()
            .Where(d => BucketNames.IsValid(d.Name) && d.LinkTarget is null)
            .OrderBy(d => d.Name, StringComparer.Ordinal)
            .Select(Describe),
    ];

    /// <summary>Whether a bucket is there.</summary>
    public bool HasBucket(string bucket) => BucketNames.IsValid(bucket) && tree.DirectoryExists(bucket);

    /// <summary>One bucket, or null.</summary>
    public BucketInfo? GetBucket(string bucket) =>
        BucketNames.IsValid(bucket) && tree.DirectoryExists(bucket) ? Describe(new DirectoryInfo(tree.Absolute(bucket))) : null;

    /// <summary>Makes a bucket; false when there is one of that name.</summary>
    /// <exception cref="ArgumentException">The name is not one of a bucket.</exception>
    public bool CreateBucket(string bucket, string? team = null)
    {
        if (!BucketNames.IsValid(bucket))
        {
            throw new ArgumentException($"'{bucket}' is not a valid bucket name.", nameof(bucket));
        }
        lock (bucketGate)
        {
            if (tree.DirectoryExists(bucket))
            {
                return false;
            }
            metadata.WriteBucket(bucket, new BucketRecord(time.GetUtcNow(), team));
            return tree.MakeBucket(bucket);
        }
    }

    /// <summary>Replaces the tags of a bucket.</summary>
    public void TagBucket(string bucket, IReadOnlyDictionary<string, string> tags)
    {
        lock (bucketGate)
        {
            if (GetBucket(bucket) is { } existing)
            {
                metadata.WriteBucket(bucket, new BucketRecord(existing.Created, existing.Team) { Tags = tags });
            }
        }
    }

    /// <summary>Removes an empty bucket; false when objects are left in it.</summary>
    public bool DeleteBucket(string bucket)
    {
        lock (bucketGate)
        {
            if (new KeyWalker(tree, reader, bucket, "", null).MoveNext() || !tree.RemoveBucket(bucket))
            {
                return false;
            }
            metadata.RemoveBucket(bucket);
            var uploads = Path.Join(UploadsDirectory, bucket);
            if (Directory.Exists(uploads))
            {
                Directory.Delete(uploads, recursive: true);
            }
            return true;
        }
    }

    /// <summary>Path of the file that holds an object now, for programs that read it in place; null when there is none.</summary>
    public string? LocalPath(string bucket, string key)
    {
        using var found = tree.Find(bucket, key);
        return found is null ? null : tree.Absolute(found.Path);
    }

    /// <summary>Opens an object for reading, or null. What is read is the object as it was at this moment, even if it is replaced meanwhile.</summary>
    public OpenObject? Open(string bucket, string key) =>
        tree.Find(bucket, key) is { } found ? new OpenObject(found, Describe(bucket, key, found)) : null;

    /// <summary>Facts of an object, or null.</summary>
    public ObjectInfo? Head(string bucket, string key)
    {
        using var found = tree.Find(bucket, key);
        return found is null ? null : Describe(bucket, key, found);
    }

    /// <summary>Receives bytes that may become an object.</summary>
    /// <param name="content">Read to its end.</param>
    /// <param name="expectedLength">Bytes to come, to find a full disk early; 0 when unknown.</param>
    /// <param name="checksum">A checksum to compute on the way.</param>
    /// <param name="sha256">Whether to compute the SHA-256 on the way.</param>
    /// <param name="ct">Ends the transfer.</param>
    public async Task<StagedObject> StageAsync(Stream content, long expectedLength, ChecksumAlgorithm? checksum, bool sha256, CancellationToken ct)
    {
        var staged = StagedObject.Create(StagingPath(), expectedLength);
        try
        {
            await staged.FillAsync(content, checksum, sha256, ct).ConfigureAwait(false);
            return staged;
        }
        catch
        {
            await staged.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Turns staged bytes into an object, all at once and lasting.</summary>
    /// <param name="staged">The bytes; used up.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="facts">Metadata with the ETag.</param>
    /// <param name="condition">Must hold at the moment of the write.</param>
    /// <param name="ct">Ends the wait for another write of the same key.</param>
    /// <exception cref="ObjectWriteException">The condition does not hold, or the bucket is gone.</exception>
    /// <exception cref="PathTooLongException">The key cannot be a path.</exception>
    public async Task<ObjectInfo> CommitAsync(
        StagedObject staged, string bucket, string key, ObjectMetadata facts, WriteCondition condition, CancellationToken ct)
    {
        facts = facts with { Key = key };
        var one = LockOf(bucket, key);
        if (await disk.RunAsync(() => TryCommit(staged, bucket, key, facts, condition, one)).ConfigureAwait(false) is { } done)
        {
            return done;
        }
        using var held = await LockAsync(bucket, key, ct).ConfigureAwait(false);
        return await disk.RunAsync(() => Commit(staged, bucket, key, facts, condition)).ConfigureAwait(false);
    }

    /// <summary>Writes an object from a stream.</summary>
    /// <exception cref="ObjectWriteException">The condition does not hold, or there is no such bucket.</exception>
    public async Task<ObjectInfo> PutAsync(
        string bucket, string key, Stream content, string? contentType = null, WriteCondition? condition = null, CancellationToken ct = default)
    {
        var staged = await StageAsync(content, 0, null, sha256: false, ct).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            var facts = new ObjectMetadata { ETag = staged.Digests.ETag, ContentType = contentType };
            return await CommitAsync(staged, bucket, key, facts, condition ?? WriteCondition.None, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Removes an object; nothing happens when there is none.</summary>
    /// <exception cref="ObjectWriteException">The condition does not hold.</exception>
    public async Task DeleteAsync(string bucket, string key, WriteCondition? condition = null, CancellationToken ct = default)
    {
        using var held = await LockAsync(bucket, key, ct).ConfigureAwait(false);
        await disk.RunAsync(() => Delete(bucket, key, condition ?? WriteCondition.None)).ConfigureAwait(false);
    }

    /// <summary>Changes the metadata of an object without touching its bytes; null when there is no object.</summary>
    public async Task<ObjectInfo?> UpdateAsync(string bucket, string key, Func<ObjectMetadata, ObjectMetadata> change, CancellationToken ct)
    {
        using var held = await LockAsync(bucket, key, ct).ConfigureAwait(false);
        return await disk.RunAsync(() => Update(bucket, key, change)).ConfigureAwait(false);
    }

    /// <summary>One page of the keys of a bucket.</summary>
    public ListPage List(string bucket, ListQuery query) => new ObjectListing(tree, reader, Describe).Page(bucket, query);

    /// <inheritdoc/>
    public void Dispose()
    {
        disk.Dispose();
        tree.Dispose();
        foreach (var one in locks)
        {
            one.Dispose();
        }
    }

    internal DateTimeOffset Now => time.GetUtcNow();

    internal StagedObject StageEmpty() => StagedObject.Create(StagingPath(), 0);

    /// <summary>A new name in the directory of what is on its way in or out; emptied at the next start.</summary>
    internal string StagingPath() => Path.Join(stagingDirectory, Guid.NewGuid().ToString("N"));

    internal Task<T> OnDiskThreadAsync<T>(Func<T> work) => disk.RunAsync(work);

    private ObjectInfo? Update(string bucket, string key, Func<ObjectMetadata, ObjectMetadata> change)
    {
        using var found = tree.Find(bucket, key);
        if (found is null)
        {
            return null;
        }
        var facts = change(Describe(bucket, key, found).Metadata) with { Key = key };
        metadata.Replace(bucket, key, found.Size, found.Modified, facts);
        return Info(bucket, key, found.Size, found.Modified, facts);
    }

    /// <summary>Removes all files of a key: another program may have made a second one under its plain name.</summary>
    private bool Delete(string bucket, string key, WriteCondition condition)
    {
        var existed = false;
        while (tree.Find(bucket, key) is { } found)
        {
            using (found)
            {
                if (!existed)
                {
                    Check(condition, Describe(bucket, key, found));
                    existed = true;
                }
                tree.Remove(found);
                metadata.Remove(bucket, key, found.Size, found.Modified);
            }
        }
        if (!existed)
        {
            Check(condition, null);
        }
        return existed;
    }

    /// <summary>Commits at once when nobody else is at the key; otherwise writes the bytes to disk, which need not wait for the other, and gives null.</summary>
    private ObjectInfo? TryCommit(
        StagedObject staged, string bucket, string key, ObjectMetadata facts, WriteCondition condition, SemaphoreSlim one)
    {
        if (!one.Wait(0))
        {
            Posix.Sync(staged.Handle);
            return null;
        }
        using (new Held(one))
        {
            return Commit(staged, bucket, key, facts, condition);
        }
    }

    private ObjectInfo Commit(StagedObject staged, string bucket, string key, ObjectMetadata facts, WriteCondition condition)
    {
        using var existing = tree.Find(bucket, key);
        Check(condition, existing is null ? null : Describe(bucket, key, existing));
        var modified = time.GetUtcNow().UtcDateTime;
        if (existing is not null && existing.Modified >= modified)
        {
            modified = existing.Modified.AddTicks(1);
        }
        File.SetLastWriteTimeUtc(staged.Handle, modified);
        modified = File.GetLastWriteTimeUtc(staged.Handle);
        metadata.Write(bucket, key, staged.Handle, staged.Length, modified, facts);
        Place(staged, bucket, key, existing, modified, condition);
        if (existing is not null && (existing.Size != staged.Length || existing.Modified != modified))
        {
            metadata.Remove(bucket, key, existing.Size, existing.Modified);
        }
        return Info(bucket, key, staged.Length, modified, facts);
    }

    private void Place(StagedObject staged, string bucket, string key, FoundFile? existing, DateTime modified, WriteCondition condition)
    {
        var placed = false;
        try
        {
            placed = tree.Place(staged.FilePath, bucket, key, existing, replace: !condition.IfAbsent);
        }
        catch (DirectoryNotFoundException e) when (string.Equals(e.Message, bucket, StringComparison.Ordinal))
        {
            throw new ObjectWriteException(WriteRefusal.NoSuchBucket, "The specified bucket does not exist");
        }
        finally
        {
            if (!placed && (existing is null || existing.Modified != modified || existing.Size != staged.Length))
            {
                metadata.Remove(bucket, key, staged.Length, modified);
            }
        }
        if (!placed)
        {
            throw Failed();
        }
    }

    private static void Check(WriteCondition condition, ObjectInfo? existing)
    {
        if (condition.IfAbsent && existing is not null)
        {
            throw Failed();
        }
        if (condition.IfMatch is { } expected)
        {
            if (existing is null)
            {
                throw new ObjectWriteException(WriteRefusal.NoSuchKey, "The specified key does not exist.");
            }
            if (expected is not "*" && !string.Equals(expected, existing.ETag, StringComparison.Ordinal))
            {
                throw Failed();
            }
        }
    }

    private static ObjectWriteException Failed() =>
        new(WriteRefusal.ConditionFailed, "At least one of the pre-conditions you specified did not hold");

    private BucketInfo Describe(DirectoryInfo directory)
    {
        var record = metadata.ReadBucket(directory.Name);
        return new BucketInfo(directory.Name, record?.Created ?? directory.LastWriteTimeUtc, record?.Team) { Tags = record?.Tags ?? ObjectMetadata.NoEntries };
    }

    private ObjectInfo Describe(string bucket, string key, FoundFile file) => Describe(bucket, key, file.Size, file.Modified);

    private ObjectInfo Describe(string bucket, string key, long size, DateTime modified) =>
        Info(bucket, key, size, modified, metadata.Read(bucket, key, size, modified) ?? Foreign(size, modified));

    // Files that others wrote are not read to be named: their ETag stands for size and time, and says by its form that it is no MD5.
    private static ObjectMetadata Foreign(long size, DateTime modified) => new()
    {
        ETag = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{size} {modified.Ticks}"))).AsSpan(0, 16)) + "-1",
    };

    private static ObjectInfo Info(string bucket, string key, long size, DateTime modified, ObjectMetadata facts)
    {
        var ticks = modified.Ticks + TimeSpan.TicksPerMillisecond - 1;
        return new ObjectInfo
        {
            Bucket = bucket,
            Key = key,
            Size = size,
            LastModified = new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero),
            Metadata = facts,
        };
    }

    private SemaphoreSlim LockOf(string bucket, string key) => locks[(uint)HashCode.Combine(bucket, key) % Stripes];

    private async Task<Held> LockAsync(string bucket, string key, CancellationToken ct)
    {
        var one = LockOf(bucket, key);
        await one.WaitAsync(ct).ConfigureAwait(false);
        return new Held(one);
    }

    private readonly struct Held(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
