using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>One form that a client would take.</summary>
internal sealed record MediaRange(string Type, IReadOnlyDictionary<string, string> Parameters)
{
    public string? Parameter(string name) => Parameters.GetValueOrDefault(name);

    public bool IsJson => Type is "application/json" or "*/*" or "application/*";
}

/// <summary>How the objects of an answer shall look.</summary>
internal enum AnswerForm
{
    Objects,
    Table,
    Metadata,
}

/// <summary>The Accept header, in the client's order.</summary>
internal static class AcceptHeader
{
    public static IReadOnlyList<MediaRange> Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return [new MediaRange("*/*", new Dictionary<string, string>(StringComparer.Ordinal))];
        }

        var ranges = new List<MediaRange>();
        foreach (var part in header.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pieces = part.Split(';', StringSplitOptions.TrimEntries);
            var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var piece in pieces.Skip(1))
            {
                var at = piece.IndexOf('=', StringComparison.Ordinal);
                if (at > 0)
                {
                    parameters[piece[..at]] = piece[(at + 1)..];
                }
            }

            ranges.Add(new MediaRange(pieces[0].ToLowerInvariant(), parameters));
        }

        return ranges;
    }

    /// <summary>The first form that the server can give.</summary>
    /// <exception cref="Hearth.Kube.Client.KubeException">406.</exception>
    public static (AnswerForm Form, string Version) Choose(string? header)
    {
        foreach (var range in Parse(header))
        {
            if (!range.IsJson)
            {
                continue;
            }

            switch (range.Parameter("as"))
            {
                case null:
                    return (AnswerForm.Objects, "v1");
                case "Table" when range.Parameter("g") == "meta.k8s.io" && range.Parameter("v") is "v1" or "v1beta1":
                    return (AnswerForm.Table, range.Parameter("v")!);
                case "PartialObjectMetadata" or "PartialObjectMetadataList" when range.Parameter("g") == "meta.k8s.io" && range.Parameter("v") is "v1" or "v1beta1":
                    return (AnswerForm.Metadata, range.Parameter("v")!);
                default:
                    continue;
            }
        }

        throw ApiErrors.NotAcceptable("application/json");
    }
}
