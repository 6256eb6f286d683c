using System.Globalization;
using System.Text;
using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Constructs;
using Hearth.Platform;

namespace Hearth.Deploy.Cluster;

/// <summary>The launch template of a node group: encrypted root volume, IMDSv2, the nodes' security group, local disks joined when asked for.</summary>
internal static class LaunchTemplates
{
    public static CfnLaunchTemplate Add(Construct scope, NodeGroup group, EmrEksClusterProps props, string securityGroup)
    {
        var tags = new Dictionary<string, string>(group.Tags, StringComparer.Ordinal);
        tags.TryAdd("Name", $"{props.ClusterName}-{group.Name}");
        return new CfnLaunchTemplate(scope, $"Launch-{group.Name}", new CfnLaunchTemplateProps
        {
            LaunchTemplateData = new CfnLaunchTemplate.LaunchTemplateDataProperty
            {
                SecurityGroupIds = [securityGroup],
                BlockDeviceMappings = new object[] { Root(group.Disk, group.AmiFamily) },
                // Two hops, so that pods on the host network can ask too; tokens are required.
                MetadataOptions = new CfnLaunchTemplate.MetadataOptionsProperty { HttpTokens = "required", HttpPutResponseHopLimit = 2, HttpEndpoint = "enabled" },
                Monitoring = new CfnLaunchTemplate.MonitoringProperty { Enabled = true },
                UserData = group.InstanceStorePolicy == "RAID0" ? Convert.ToBase64String(Encoding.UTF8.GetBytes(LocalDisks(group.AmiFamily))) : null,
                TagSpecifications = new object[] { TagsOf("instance", tags), TagsOf("volume", tags) },
            },
        });
    }

    private static CfnLaunchTemplate.BlockDeviceMappingProperty Root(Disk disk, string family) => new()
    {
        DeviceName = family == "Bottlerocket" ? "/dev/xvdb" : "/dev/xvda",
        Ebs = new CfnLaunchTemplate.EbsProperty
        {
            VolumeSize = GiB(disk.Size),
            VolumeType = disk.Type,
            Encrypted = disk.Encrypted,
            DeleteOnTermination = true,
            Iops = disk.Iops > 0 ? disk.Iops : null,
            Throughput = disk.Throughput > 0 ? disk.Throughput : null,
        },
    };

    private static CfnLaunchTemplate.TagSpecificationProperty TagsOf(string kind, Dictionary<string, string> tags) => new()
    {
        ResourceType = kind,
        Tags = [.. tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new CfnTag { Key = t.Key, Value = t.Value })],
    };

    /// <summary>GiB of a quantity as <c>100Gi</c>, <c>1Ti</c> or a number of bytes; rounded up.</summary>
    internal static double GiB(string quantity)
    {
        var digits = quantity.TrimEnd('T', 'G', 'M', 'K', 'i');
        var value = double.Parse(digits, CultureInfo.InvariantCulture);
        return Math.Ceiling(quantity[digits.Length..] switch
        {
            "Ti" => value * 1024,
            "Gi" => value,
            "Mi" => value / 1024,
            "T" => value * 1e12 / (1L << 30),
            "G" => value * 1e9 / (1L << 30),
            _ => value / (1L << 30),
        });
    }

    /// <summary>
    /// AL2023's nodeadm and AL2's bootstrap both know how to join however many local disks there are into one under /mnt/k8s-disks/0, where
    /// kubelet and containerd then keep pods' local volumes.
    /// </summary>
    private static string LocalDisks(string family) => family == "AL2"
        ? """
          MIME-Version: 1.0
          Content-Type: multipart/mixed; boundary="==HEARTH=="

          --==HEARTH==
          Content-Type: text/x-shellscript; charset="us-ascii"

          #!/bin/bash
          set -eu
          /bin/setup-local-disks raid0
          --==HEARTH==--
          """
        : """
          MIME-Version: 1.0
          Content-Type: multipart/mixed; boundary="==HEARTH=="

          --==HEARTH==
          Content-Type: application/node.eks.aws

          apiVersion: node.eks.aws/v1alpha1
          kind: NodeConfig
          spec:
            instance:
              localStorage:
                strategy: RAID0
          --==HEARTH==--
          """;
}
