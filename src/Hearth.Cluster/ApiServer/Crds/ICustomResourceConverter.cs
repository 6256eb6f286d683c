using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer;

/// <summary>Converts custom resources of one group between versions, where conversion webhooks would on another cluster.</summary>
public interface ICustomResourceConverter
{
    /// <summary>
    /// The object in another version. The input may be changed and returned; apiVersion and kind are set by the caller.
    /// </summary>
    /// <param name="kind">Kind of the object.</param>
    /// <param name="fromVersion">Version it is in, for example <c>v1beta1</c>.</param>
    /// <param name="toVersion">Version it shall have.</param>
    JsonObject Convert(JsonObject tree, string kind, string fromVersion, string toVersion);
}
