using System.Globalization;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>What queries, headers and option bodies say about a request.</summary>
internal static class QueryOptions
{
    /// <summary>The options that all writes share.</summary>
    /// <exception cref="KubeException">422 unknown value.</exception>
    public static ApiCall Call(HttpContext context, UserInfo user, IReadOnlyList<string> duplicates, bool dryRun = false)
    {
        var query = context.Request.Query;
        return new ApiCall(user)
        {
            DryRun = dryRun || DryRun(query["dryRun"]),
            FieldManager = MetaTree.NullIfEmpty(query["fieldManager"]) ?? Manager(context.Request.Headers.UserAgent),
            FieldValidation = query["fieldValidation"].ToString() switch
            {
                "Strict" => FieldValidation.Strict,
                "Ignore" => FieldValidation.Ignore,
                "" or "Warn" => FieldValidation.Warn,
                var other => throw Unsupported("fieldValidation", other, "", "Ignore", "Strict", "Warn"),
            },
            DuplicateFields = duplicates,
        };
    }

    /// <summary>How to delete: from the body when there is one, else from the query.</summary>
    public static async Task<(RemoveOptions Options, bool DryRun)> RemoveAsync(HttpContext context)
    {
        var bytes = await RequestBody.ReadAsync(context);
        var query = context.Request.Query;
        if (bytes.IsEmpty)
        {
            var fromQuery = new RemoveOptions
            {
                GracePeriodSeconds = Int(query, "gracePeriodSeconds"),
                PropagationPolicy = MetaTree.NullIfEmpty(query["propagationPolicy"]) ?? (Flag(query, "orphanDependents") ? "Orphan" : null),
            };
            return (fromQuery, DryRun(query["dryRun"]));
        }

        var body = RequestBody.ParseObject(bytes, context.Request.ContentType, null);
        var options = new RemoveOptions
        {
            GracePeriodSeconds = body.Int("gracePeriodSeconds"),
            PropagationPolicy = MetaTree.NullIfEmpty(body.Str("propagationPolicy")) ?? (body.Bool("orphanDependents") == true ? "Orphan" : null),
            Uid = body.Obj("preconditions").Str("uid"),
            ResourceVersion = body.Obj("preconditions").Str("resourceVersion"),
        };
        return (options, DryRun(body.Strings("dryRun").ToArray()));
    }

    /// <summary>Writes objects in the form that the Accept header asks for.</summary>
    /// <exception cref="KubeException">406.</exception>
    public static AnswerWriter Writer(HttpContext context, ResourceDefinition definition, DateTimeOffset now)
    {
        var (form, version) = AcceptHeader.Choose(context.Request.Headers.Accept);
        var rows = context.Request.Query["includeObject"].ToString() switch
        {
            "Object" => RowObject.Object,
            "None" => RowObject.None,
            _ => RowObject.Metadata,
        };
        return new AnswerWriter(definition, form, version, rows, now);
    }

    public static bool Flag(IQueryCollection query, string name) => query[name].ToString() is "true" or "1";

    /// <exception cref="KubeException">400 not a number.</exception>
    public static long? Int(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiErrors.BadRequest($"invalid value for query parameter {name}: strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    private static bool DryRun(Microsoft.Extensions.Primitives.StringValues values)
    {
        foreach (var value in values)
        {
            if (value is { Length: > 0 } and not "All")
            {
                throw Unsupported("dryRun", value, "All");
            }
        }

        return values.Any(v => v == "All");
    }

    /// <summary>The part of the user agent that names the program.</summary>
    private static string Manager(string? agent)
    {
        var end = agent?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return string.IsNullOrEmpty(agent) ? "unknown" : end > 0 ? agent[..end] : agent;
    }

    private static KubeException Unsupported(string field, string value, params string[] supported)
    {
        var errors = new FieldErrors();
        errors.NotSupported(field, value, supported);
        return ApiErrors.Invalid(new ResourceType("meta.k8s.io", "v1", "options", "Options", false), "", errors);
    }
}
