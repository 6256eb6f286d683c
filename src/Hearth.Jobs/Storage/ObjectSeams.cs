namespace Hearth.Jobs.Storage;

/// <summary>Reads objects of S3, with the rights of a role.</summary>
public interface IObjectReader
{
    /// <summary>Opens an object.</summary>
    /// <param name="uri"><c>s3://bucket/key</c>.</param>
    /// <param name="roleArn">Execution role that reads; null for the platform itself.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ObjectAccessException">No such object or bucket, or the role may not read it.</exception>
    Task<Stream> OpenAsync(Uri uri, string? roleArn, CancellationToken ct);
}

/// <summary>Writes objects of S3, with the rights of a role.</summary>
public interface IObjectWriter
{
    /// <summary>Writes a whole object, replacing what was there; it appears whole or not at all.</summary>
    /// <param name="uri"><c>s3://bucket/key</c>.</param>
    /// <param name="content">What to write, read to its end.</param>
    /// <param name="contentType">For example <c>application/x-gzip</c>.</param>
    /// <param name="roleArn">Execution role that writes; null for the platform itself.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ObjectAccessException">No such bucket, or the role may not write there.</exception>
    Task PutAsync(Uri uri, Stream content, string contentType, string? roleArn, CancellationToken ct);
}

/// <summary>Why an object cannot be had.</summary>
public enum ObjectAccessError
{
    /// <summary>NoSuchKey or NoSuchBucket.</summary>
    NotFound,

    /// <summary>AccessDenied.</summary>
    Denied,
}

/// <summary>An object that cannot be read or written, for a reason that trying again does not cure.</summary>
public sealed class ObjectAccessException(ObjectAccessError error, string message) : Exception(message)
{
    /// <summary>Which one.</summary>
    public ObjectAccessError Error { get; } = error;
}
