using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>The answers that are not successes, in the words of Kubernetes (apimachinery <c>api/errors</c>).</summary>
internal static class ApiErrors
{
    public static KubeException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.GroupResource} \"{name}\" not found", Details(type, name));

    /// <summary>A path nobody serves.</summary>
    public static KubeException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static KubeException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.GroupResource} \"{name}\" already exists", Details(type, name));

    public static KubeException NameNotGenerated(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.GroupResource} \"{name}\" already exists, the server was not able to generate a unique name for the object", Details(type, name));

    public static KubeException Modified(ResourceType type, string name) =>
        Conflict(type, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static KubeException Conflict(ResourceType type, string name, string detail) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.GroupResource} \"{name}\": {detail}", Details(type, name));

    public static KubeException Invalid(ResourceType type, string name, FieldErrors errors) =>
        new(422, "Invalid", $"{QualifiedKind(type)} \"{name}\" is invalid: {errors.Summary()}", InvalidDetails(type, name, errors));

    public static KubeException Forbidden(ResourceType type, string? name, string detail, JsonArray? causes = null)
    {
        var details = Details(type, name);
        if (causes is not null)
        {
            details["causes"] = causes;
        }

        var subject = string.IsNullOrEmpty(name) ? type.GroupResource : $"{type.GroupResource} \"{name}\"";
        return new(403, "Forbidden", $"{subject} is forbidden: {detail}", details);
    }

    public static KubeException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static KubeException BadRequest(string message) => new(400, "BadRequest", message);

    public static KubeException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonObject());

    public static KubeException MethodNotSupported(ResourceType type, string verb) =>
        new(405, "MethodNotAllowed", $"{verb} is not supported on resources of kind \"{type.GroupResource}\"", Details(type, null));

    public static KubeException UnsupportedMediaType(params string[] accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}", new JsonObject());

    public static KubeException NotAcceptable(params string[] offered) =>
        new(406, "NotAcceptable", $"only the following media types are accepted: {string.Join(", ", offered)}", new JsonObject());

    public static KubeException TooLarge(long limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}", new JsonObject());

    public static KubeException Expired(string message) => new(410, "Expired", message);

    public static KubeException TooOld(long requested, long current) =>
        Expired($"too old resource version: {requested} ({current})");

    public static KubeException TooNew(long requested, long current) =>
        new(504, "Timeout", $"Too large resource version: {requested}, current: {current}", new JsonObject
        {
            ["causes"] = new JsonArray(Cause("ResourceVersionTooLarge", "Too large resource version", null)),
            ["retryAfterSeconds"] = 1,
        });

    public static KubeException TooManyRequests(string message, int retryAfterSeconds, JsonArray? causes = null)
    {
        var details = new JsonObject { ["retryAfterSeconds"] = retryAfterSeconds };
        if (causes is not null)
        {
            details["causes"] = causes;
        }

        return new(429, "TooManyRequests", message, details);
    }

    public static KubeException Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}", new JsonObject
    {
        ["causes"] = new JsonArray(Cause(null, message, null)),
    });

    public static KubeException Unavailable(string message) => new(503, "ServiceUnavailable", message);

    /// <summary>A write that the disk did not take (RFC 4918: 507 Insufficient Storage). Nothing was written; reads go on.</summary>
    public static KubeException InsufficientStorage(string message) => new(507, "InsufficientStorage", message);

    /// <summary>One element of <c>details.causes</c>.</summary>
    public static JsonObject Cause(string? reason, string message, string? field)
    {
        var cause = new JsonObject();
        if (reason is not null)
        {
            cause["reason"] = reason;
        }

        cause["message"] = message;
        if (field is not null)
        {
            cause["field"] = field;
        }

        return cause;
    }

    /// <summary>The <c>Status</c> object of an error.</summary>
    public static JsonObject ToStatus(KubeException error)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = error.Message,
            ["reason"] = error.Reason,
        };
        if (error.Details is { } details)
        {
            var shown = details.DeepClone().AsObject();
            if (shown.Str(ContinueToken.TokenMember) is { } token)
            {
                shown.Remove(ContinueToken.TokenMember);
                status.Meta()["continue"] = token;
            }

            status["details"] = shown;
        }

        status["code"] = error.Code;
        return status;
    }

    /// <summary>The <c>Status</c> of a finished action, for example a removal.</summary>
    public static JsonObject Success(ResourceType type, string name, string? uid)
    {
        var details = Details(type, name);
        if (uid is not null)
        {
            details["uid"] = uid;
        }

        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }

    /// <summary>Kind as 422 messages name it: <c>Pod</c>, <c>Deployment.apps</c>.</summary>
    public static string QualifiedKind(ResourceType type) => type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";

    private static JsonObject InvalidDetails(ResourceType type, string name, FieldErrors errors)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }

        details["kind"] = type.Kind;
        details["causes"] = errors.Causes();
        return details;
    }

    private static JsonObject Details(ResourceType type, string? name)
    {
        var details = new JsonObject();
        if (!string.IsNullOrEmpty(name))
        {
            details["name"] = name;
        }

        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }

        details["kind"] = type.Plural;
        return details;
    }
}
