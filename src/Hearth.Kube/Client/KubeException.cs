using System.Text.Json.Nodes;

namespace Hearth.Kube.Client;

/// <summary>An answer of a Kubernetes API server that is not a success; carries its <c>Status</c>.</summary>
public sealed class KubeException : Exception
{
    /// <summary>From the parts of a Status.</summary>
    public KubeException(int code, string reason, string message, JsonObject? details = null)
        : base(message)
    {
        Code = code;
        Reason = reason;
        Details = details;
    }

    /// <summary>HTTP code, for example 409.</summary>
    public int Code { get; }

    /// <summary>Reason word, for example <c>Conflict</c>.</summary>
    public string Reason { get; }

    /// <summary><c>details</c> of the Status: name, group, kind, causes.</summary>
    public JsonObject? Details { get; }

    /// <summary>404.</summary>
    public bool IsNotFound => Code == 404;

    /// <summary>409 because the name is taken.</summary>
    public bool IsAlreadyExists => Code == 409 && Reason == "AlreadyExists";

    /// <summary>409 because somebody else changed the object.</summary>
    public bool IsConflict => Code == 409 && Reason == "Conflict";

    /// <summary>410: the wanted resource version is gone; list again.</summary>
    public bool IsExpired => Code == 410;
}
