namespace Hearth.Deploy.Storage;

/// <summary>A Lustre file system and the bucket path it mirrors.</summary>
public sealed record LustreProps
{
    private static readonly int[] Throughputs = [125, 250, 500, 1000];

    /// <summary>Its Name tag.</summary>
    public required string Name { get; init; }

    /// <summary>The subnet it lives in; jobs should run in the same zone.</summary>
    public required string SubnetId { get; init; }

    /// <summary>The VPC of its security group.</summary>
    public required string VpcId { get; init; }

    /// <summary>The nodes' security group, the only one that reaches it.</summary>
    public required string NodeGroupId { get; init; }

    /// <summary><c>PERSISTENT_2</c> or <c>SCRATCH_2</c>, named on purpose: without a type the service silently takes SCRATCH_1.</summary>
    public string DeploymentType { get; init; } = "PERSISTENT_2";

    /// <summary>GiB: 1200, 2400, then steps of 2400.</summary>
    public int CapacityGiB { get; init; } = 2400;

    /// <summary>MB/s for each TiB of a PERSISTENT_2 system: 125, 250, 500 or 1000.</summary>
    public int ThroughputPerTiB { get; init; } = 500;

    /// <summary>As <c>s3://bucket/prefix</c>; empty mirrors nothing.</summary>
    public string DataRepository { get; init; } = "";

    /// <summary>The directory that mirrors it. Shuffle must go elsewhere: everything written here is exported.</summary>
    public string RepositoryPath { get; init; } = "/data";

    internal void Check()
    {
        var valid = CapacityGiB == 1200 || (CapacityGiB > 0 && CapacityGiB % 2400 == 0);
        var next = CapacityGiB <= 1200 ? 1200 : (CapacityGiB + 2399) / 2400 * 2400;
        new PropsCheck(nameof(LustreProps))
            .Require(DeploymentType is "PERSISTENT_2" or "SCRATCH_2", nameof(DeploymentType), $"'{DeploymentType}' is none of PERSISTENT_2, SCRATCH_2")
            .Require(valid, nameof(CapacityGiB), $"capacity {CapacityGiB} GiB is not valid for {DeploymentType}; next valid size is {next}")
            .Require(DeploymentType != "PERSISTENT_2" || Throughputs.Contains(ThroughputPerTiB), nameof(ThroughputPerTiB), "throughput is 125, 250, 500 or 1000 MB/s a TiB")
            .Require(DataRepository.Length == 0 || DataRepository.StartsWith("s3://", StringComparison.Ordinal), nameof(DataRepository), "a data repository begins with s3://")
            .Require(RepositoryPath.StartsWith('/'), nameof(RepositoryPath), "the directory begins with /")
            .Throw();
    }
}
