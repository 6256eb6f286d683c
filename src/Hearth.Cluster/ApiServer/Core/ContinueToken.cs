using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Where a chunked list goes on. Opaque to clients.</summary>
/// <param name="Revision">The revision of the first page.</param>
/// <param name="After">Store key of the last object seen.</param>
internal sealed record ContinueToken(long Revision, string After)
{
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Revision.ToString(CultureInfo.InvariantCulture)} {After}"));

    /// <exception cref="KubeException">400: not a token.</exception>
    public static ContinueToken Parse(string token)
    {
        if (Base64Url.IsValid(token))
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(' ', 2);
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
            {
                return new ContinueToken(revision, parts[1]);
            }
        }

        throw ApiErrors.BadRequest("continue key is not valid: the token was not made by this server");
    }

    /// <summary>410 with a token that goes on from the same place in the present state.</summary>
    public static KubeException ExpiredError(ContinueToken fresh) => new(
        410,
        "Expired",
        "the continue token is from a state of the list that is no longer held; list again from the start, or go on with the token in this answer, "
        + "which may miss or repeat objects that changed in between",
        new JsonObject { [TokenMember] = fresh.ToString() });

    /// <summary>Member of the error's details that becomes <c>metadata.continue</c> of the Status.</summary>
    internal const string TokenMember = "continue";
}
