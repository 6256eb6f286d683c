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
            await opened.CopyToAsync(call.Response.BodyWriter, range.Offset, range.Length, call.Aborted).ConfigureAwait(false);
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

    /// <summary>Answers reads of retention and legal hold.</summary>
    public static Task NoLockAsync(S3Call call)
    {
        call.RequireBucket();
        throw S3Errors.InvalidRequest("Bucket is missing Object Lock Configuration");
    }

    private static OpenObject Open(S3Call call)
    {
        call.RequireBucket();
        RefuseVersion(call);
        if (call.Header("x-amz-server-side-encryption-customer-algorithm") is not null)
        {
            throw S3Errors.InvalidRequest("The encryption parameters are not applicable to this object.");
        }
        return call.Storage.Open(call.Bucket, call.Key) ?? throw call.Missing(call.Bucket, call.Key);
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
                ObjectHeaders.Write(call, info);
                call.Response.Headers.Remove("Content-Type");
                call.Response.StatusCode = StatusCodes.Status304NotModified;
                return false;
            default:
                return true;
        }
    }

    private static ByteRange Begin(S3Call call, ObjectInfo info)
    {
        var part = PartNumber(call, info);
        var range = part is { } number ? Part(info, number) : Requested(call, info);
        ObjectHeaders.Write(call, info);
        if (part is not null || range is null)
        {
            ObjectHeaders.WriteAskedChecksum(call, info.Metadata, part);
        }
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
        return ifRange is null || ReadConditions.HoldsForRange(ifRange, info) ? ByteRange.Parse(call.Header("Range"), info.Size) : null;
    }

    private static int? PartNumber(S3Call call, ObjectInfo info)
    {
        if (call.Query["partNumber"] is null)
        {
            return null;
        }
        if (call.Header("Range") is not null)
        {
            throw S3Errors.InvalidRequest("Cannot specify both Range header and partNumber query parameter");
        }
        var number = call.Number("partNumber", 1, 1, UploadOperations.MostParts);
        var parts = info.Metadata.PartSizes?.Count ?? 1;
        if (number > parts)
        {
            throw new Http.AwsException(416, "InvalidPartNumber", "The requested partnumber is not satisfiable");
        }
        if (info.Metadata.PartSizes is not null)
        {
            call.Response.Headers["x-amz-mp-parts-count"] = parts.ToString(CultureInfo.InvariantCulture);
        }
        return number;
    }

    private static ByteRange? Part(ObjectInfo info, int number)
    {
        var sizes = info.Metadata.PartSizes ?? [info.Size];
        return info.Size == 0 ? null : new ByteRange(sizes.Take(number - 1).Sum(), sizes[number - 1]);
    }
}
