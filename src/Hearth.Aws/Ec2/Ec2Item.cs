using Hearth.Aws.Iam.Policy;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.Ec2;

/// <summary>One thing that EC2 describes.</summary>
/// <param name="id">Its id.</param>
/// <param name="tags">Its tags.</param>
/// <param name="body">Writes everything but the tags.</param>
internal sealed class Ec2Item(string id, IReadOnlyDictionary<string, string> tags, Action<XmlText> body)
{
    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>Values of the filters that it knows; a filter it does not know fits nothing.</summary>
    public Dictionary<string, string> Filters { get; } = new(StringComparer.Ordinal);

    /// <summary>Of an operation: the list in its answer, the parameter of ids, the error of an id that is not there.</summary>
    public static (string List, string IdParameter, string Missing) Shape(string action) => action switch
    {
        "DescribeVpcs" => ("vpcSet", "VpcId", "InvalidVpcID.NotFound"),
        "DescribeSubnets" => ("subnetSet", "SubnetId", "InvalidSubnetID.NotFound"),
        "DescribeSecurityGroups" => ("securityGroupInfo", "GroupId", "InvalidGroup.NotFound"),
        "DescribeInstances" => ("reservationSet", "InstanceId", "InvalidInstanceID.NotFound"),
        "DescribeInstanceTypes" => ("instanceTypeSet", "InstanceType", "InvalidInstanceType"),
        _ => ("availabilityZoneInfo", "ZoneName", "InvalidParameterValue"),
    };

    /// <summary>Whether one of a filter's values, which may have wildcards, fits.</summary>
    public bool Matches(string filter, IReadOnlyList<string> values) => filter switch
    {
        "tag-key" => values.Any(v => tags.Keys.Any(k => Wildcard.Matches(v, k))),
        _ when filter.StartsWith("tag:", StringComparison.Ordinal) && tags.TryGetValue(filter[4..], out var tag) => values.Any(v => Wildcard.Matches(v, tag)),
        _ => Filters.TryGetValue(filter, out var value) && values.Any(v => Wildcard.Matches(v, value)),
    };

    /// <summary>Writes it.</summary>
    public void Write(XmlText xml)
    {
        body(xml);
        WriteTags(xml, tags);
    }

    /// <summary>A set of tags; none is left out.</summary>
    public static void WriteTags(XmlText xml, IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count == 0)
        {
            return;
        }

        xml.Open("tagSet");
        foreach (var (key, value) in tags.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            xml.Open("item").Add("key", key).Add("value", value).Close("item");
        }

        xml.Close("tagSet");
    }
}
