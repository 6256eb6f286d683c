using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Selectors;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>The label and field selectors of a request, checked against what the kind supports.</summary>
internal sealed class ObjectSelection
{
    private readonly ResourceDefinition _definition;
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;

    private ObjectSelection(ResourceDefinition definition, LabelSelector labels, FieldSelector fields)
    {
        (_definition, _labels, _fields) = (definition, labels, fields);
        Name = fields.Pinned("metadata.name");
    }

    public bool MatchesAll => _labels.Requirements.Count == 0 && _fields.Requirements.Count == 0;

    /// <summary>The only name that can match, or null.</summary>
    public string? Name { get; }

    /// <summary>Parses the query forms.</summary>
    /// <exception cref="Hearth.Kube.Client.KubeException">400: not a selector, or a field that the kind cannot select by.</exception>
    public static ObjectSelection Parse(ResourceDefinition definition, string? labelSelector, string? fieldSelector)
    {
        try
        {
            var fields = FieldSelector.Parse(fieldSelector);
            foreach (var requirement in fields.Requirements)
            {
                if (!definition.TryField(requirement.Field, default, out _))
                {
                    throw ApiErrors.BadRequest($"field label not supported: {requirement.Field}");
                }
            }

            return new ObjectSelection(definition, LabelSelector.Parse(labelSelector), fields);
        }
        catch (FormatException e)
        {
            throw ApiErrors.BadRequest(e.Message);
        }
    }

    public bool Matches(StoredObject candidate) =>
        (_fields.Requirements.Count == 0 || _fields.Matches(label => _definition.TryField(label, candidate.Root, out var value) ? value : null))
        && (_labels.Requirements.Count == 0 || _labels.Matches(candidate.Document.Labels));
}
