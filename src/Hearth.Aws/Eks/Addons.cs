using System.Text.Json.Nodes;
using Hearth.Aws.Ec2;
using Hearth.Aws.Http;
using Hearth.Platform;

namespace Hearth.Aws.Eks;

/// <summary>EKS add-ons as the declaration has them; what stands behind one embedded is among its tags.</summary>
internal static class Addons
{
    public static JsonObject List(Estate estate) => new() { ["addons"] = EksJson.List(Enabled(estate).Select(a => a.Name)) };

    public static JsonObject Describe(Estate estate, EksCluster cluster, string clusterArn, string name)
    {
        var addon = Enabled(estate).FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.Ordinal))
            ?? throw new AwsException(404, "ResourceNotFoundException", $"No addon: {name} found in cluster: {cluster.Name}");
        var version = estate.Platform.Addons.TryGetValue(name, out var wanted) && wanted.Version.Length > 0 ? wanted.Version : addon.Version;
        var created = cluster.CreatedAt.ToUnixTimeMilliseconds() / 1000.0;
        return new JsonObject
        {
            ["addon"] = new JsonObject
            {
                ["addonName"] = name,
                ["clusterName"] = cluster.Name,
                ["status"] = "ACTIVE",
                ["addonVersion"] = version.Length > 0 ? version : "default",
                ["health"] = new JsonObject { ["issues"] = new JsonArray() },
                ["addonArn"] = $"{clusterArn.Replace(":cluster/", ":addon/", StringComparison.Ordinal)}/{name}/{estate.Uuid($"addon/{name}")}",
                ["createdAt"] = created,
                ["modifiedAt"] = created,
                ["tags"] = new JsonObject { ["hearth.dev/embedded"] = addon.EmbeddedText },
            },
        };
    }

    private static IEnumerable<Addon> Enabled(Estate estate) =>
        AddonCatalog.All.Where(a => a.Source is "eks" && estate.Platform.IsEnabled(a.Name)).OrderBy(a => a.Name, StringComparer.Ordinal);
}

/// <summary>Who may enter the cluster by IAM.</summary>
internal static class AccessEntries
{
    public static JsonObject List(Estate estate)
    {
        var account = estate.Platform.AccountId;
        return new JsonObject
        {
            ["accessEntries"] = EksJson.List(estate.Platform.Teams.Select(t => $"arn:aws:iam::{account}:user/{t.Name}").Prepend($"arn:aws:iam::{account}:user/hearth-admin")),
        };
    }
}
