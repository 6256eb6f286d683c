using Hearth.Aws.S3.Storage;
using Hearth.Jobs.Storage;
using Hearth.Platform;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>Objects for the job controllers, straight from the platform's own S3, with the rights of the job's execution role.</summary>
internal sealed class BucketFiles(ObjectStorage storage, PlatformDeclaration platform) : IObjectReader, IObjectWriter
{
    public Task<Stream> OpenAsync(Uri uri, string? roleArn, CancellationToken ct)
    {
        var (bucket, key) = Checked(uri, roleArn, write: false);
        var found = storage.Open(bucket, key) ?? throw new ObjectAccessException(
            ObjectAccessError.NotFound,
            storage.GetBucket(bucket) is null ? $"The specified bucket does not exist: {bucket}" : $"The specified key does not exist: s3://{bucket}/{key}");
        return Task.FromResult<Stream>(new OwnedStream(found));
    }

    public async Task PutAsync(Uri uri, Stream content, string contentType, string? roleArn, CancellationToken ct)
    {
        var (bucket, key) = Checked(uri, roleArn, write: true);
        if (storage.GetBucket(bucket) is null)
        {
            throw new ObjectAccessException(ObjectAccessError.NotFound, $"The specified bucket does not exist: {bucket}");
        }

        await storage.PutAsync(bucket, key, content, contentType, ct: ct).ConfigureAwait(false);
    }

    private (string Bucket, string Key) Checked(Uri uri, string? roleArn, bool write)
    {
        var (bucket, key) = (uri.Host, Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')));
        if (roleArn is null)
        {
            return (bucket, key);
        }

        var role = roleArn[(roleArn.LastIndexOf('/') + 1)..];
        var team = platform.Teams.FirstOrDefault(t => t.ExecutionRole.Name == role);
        return team is not null && TeamBuckets.Allows(team, bucket, key, write)
            ? (bucket, key)
            : throw new ObjectAccessException(ObjectAccessError.Denied, $"Access Denied: role {role} may not {(write ? "write" : "read")} s3://{bucket}/{key}");
    }

    /// <summary>Closes the object with its stream.</summary>
    private sealed class OwnedStream(OpenObject file) : Stream
    {
        private readonly Stream _inner = file.Stream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Info.Size;

        public override long Position { get => _inner.Position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => _inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _inner.ReadAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _inner.Dispose();
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
