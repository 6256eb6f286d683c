using Hearth.Aws.S3.Api;

namespace Hearth.Aws.S3;

/// <summary>What an operation acts on: the form of its IAM resource.</summary>
internal enum S3Resource
{
    /// <summary><c>*</c></summary>
    Service,

    /// <summary><c>arn:aws:s3:::bucket</c></summary>
    Bucket,

    /// <summary><c>arn:aws:s3:::bucket/key</c></summary>
    Object,
}

/// <summary>One operation of S3.</summary>
/// <param name="Name">As in the API reference, for example <c>PutObject</c>.</param>
/// <param name="Resource">What it acts on.</param>
/// <param name="Action">IAM action that allows it (Service Authorization Reference, Amazon S3), for example <c>s3:PutObject</c>.</param>
/// <param name="Handle">Answers it; null when it is not implemented.</param>
/// <param name="WayOut">What to do instead when it is not implemented.</param>
internal sealed record S3Operation(string Name, S3Resource Resource, string Action, Func<S3Call, Task>? Handle, string? WayOut = null);
