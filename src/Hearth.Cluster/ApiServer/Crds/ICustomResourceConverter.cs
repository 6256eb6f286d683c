using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer;

/// <summary>
/// Converts custom resources of one group between versions, where conversion webhooks would on another cluster, and checks what their definitions demand by CEL
/// expressions, which are not evaluated here.
/// </summary>
public interface ICustomResourceConverter
{
    /// <summary>
    /// The object in another version. The input may be changed and returned; apiVersion and kind are set by the caller.
    /// </summary>
    /// <param name="kind">Kind of the object.</param>
    /// <param name="fromVersion">Version it is in, for example <c>v1beta1</c>.</param>
    /// <param name="toVersion">Version it shall have.</param>
    JsonObject Convert(JsonObject tree, string kind, string fromVersion, string toVersion);

    /// <summary>What is wrong with an object beyond its structure: field, how its value is shown, sentence.</summary>
    /// <param name="kind">Kind of the object.</param>
    /// <param name="version">Version it is in.</param>
    /// <param name="tree">The object.</param>
    /// <param name="old">What it was, or null when it is new.</param>
    IEnumerable<(string Field, string Shown, string Message)> Check(string kind, string version, JsonObject tree, JsonObject? old) => [];
}
