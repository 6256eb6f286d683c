using System.Globalization;
using Hearth.Aws.S3.Storage;
using Microsoft.AspNetCore.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>GetObject and HeadObject.</summary>
internal static class ReadOperations
{
    public static async Task GetAsync(S3Call call)
    {
        using var opened = Open(call);
        if (!Conditions(call, opened.Info))
        {
            return;
        }
        var range = Begin(call, opened.Info);
        if (range.Length > 0)
        {
            await opened.CopyToAsync(call.Response.Body, range.Offset, range.Length, call.Aborted).ConfigureAwait(false);
        }
    }

    public static Task HeadAsync(S3Call call)
    {
        using var opened = Open(call);
        if (Conditions(call, opened.Info))
        {
            Begin(call, opened.Info);
        }
        return Task.CompletedTask;
    }

    private static OpenObject Open(S3Call call)
    {
        call.RequireBucket();
        RefuseVersion(call);
        return call.Storage.Open(call.Bucket, call.Key) ?? throw S3Errors.NoSuchKey(call.Key);
    }

    /// <summary>Versioning is off: the only version is the null version.</summary>
    public static void RefuseVersion(S3Call call)
    {
        if (call.Query["versionId"] is { } version and not "null")
        {
            throw S3Errors.InvalidArgument("versionId", version, "Invalid version id specified: buckets here are not versioned.");
        }
    }

    private static bool Conditions(S3Call call, ObjectInfo info)
    {
        switch (ReadConditions.Evaluate(call.Header, "", info, out var condition))
        {
            case ConditionOutcome.Failed:
                throw S3Errors.PreconditionFailed(condition);
            case ConditionOutcome.NotModified:
                ObjectHeaders.Write(call, info, whole: false);
                call.Response.Headers.Remove("Content-Type");
                call.Response.StatusCode = StatusCodes.Status304NotModified;
                return false;
            default:
                return true;
        }
    }

    private static ByteRange Begin(S3Call call, ObjectInfo info)
    {
        var range = Part(call, info) ?? Requested(call, info);
        ObjectHeaders.Write(call, info, whole: range is null);
        var given = range ?? new ByteRange(0, info.Size);
        call.Response.ContentLength = given.Length;
        if (range is not null)
        {
            call.Response.StatusCode = StatusCodes.Status206PartialContent;
            call.Response.Headers.ContentRange =
                string.Create(CultureInfo.InvariantCulture, $"bytes {given.Offset}-{given.Offset + given.Length - 1}/{info.Size}");
        }
        return given;
    }

    private static ByteRange? Requested(S3Call call, ObjectInfo info)
    {
        var ifRange = call.Header("If-Range");
        return ifRange is null || ETags.Matches(ifRange, info.ETag) ? ByteRange.Parse(call.Header("Range"), info.Size) : null;
    }

    private static ByteRange? Part(S3Call call, ObjectInfo info)
    {
        if (call.Query["partNumber"] is null)
        {
            return null;
        }
        var number = call.Number("partNumber", 1, 1, 10_000);
        var sizes = info.Metadata.PartSizes ?? [info.Size];
        if (number > sizes.Count)
        {
            throw new Http.AwsException(416, "InvalidPartNumber", "The requested partnumber is not satisfiable");
        }
        if (info.Metadata.PartSizes is not null)
        {
            call.Response.Headers["x-amz-mp-parts-count"] = sizes.Count.ToString(CultureInfo.InvariantCulture);
        }
        return info.Size == 0 ? null : new ByteRange(sizes.Take(number - 1).Sum(), sizes[number - 1]);
    }
}
