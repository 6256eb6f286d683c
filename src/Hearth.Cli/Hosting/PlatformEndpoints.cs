using System.Text.Json.Serialization;

namespace Hearth.Cli.Hosting;

/// <summary>Where a running platform is reached; the contents of <c>DIR/endpoints.json</c>.</summary>
public sealed record PlatformEndpoints
{
    /// <summary>The platform's name, which is also the EKS cluster's.</summary>
    public required string Platform { get; init; }

    /// <summary>The blueprint's name or file.</summary>
    public required string Blueprint { get; init; }

    public required string Region { get; init; }

    public required string AccountId { get; init; }

    /// <summary>The Kubernetes API, as <c>https://127.0.0.1:6443</c>.</summary>
    public required string Kubernetes { get; init; }

    /// <summary>The AWS APIs, as <c>http://127.0.0.1:4566</c>.</summary>
    public required string Aws { get; init; }

    /// <summary>The web console; empty when there is none.</summary>
    public required string Console { get; init; }

    /// <summary>A kubeconfig file for the platform's administrator.</summary>
    public required string Kubeconfig { get; init; }

    public required string AwsConfigFile { get; init; }

    public required string AwsCredentialsFile { get; init; }

    /// <summary>The administrator's profile in those files.</summary>
    public required string AwsProfile { get; init; }

    /// <summary>What keeps containers apart: <c>bubblewrap</c> or <c>none</c>.</summary>
    public string Sandbox { get; init; } = "";

    /// <summary>Which limits of containers the kernel enforces, or why none.</summary>
    public string Limits { get; init; } = "";

    /// <summary>The process that serves the endpoints; set when the file is written.</summary>
    public int Pid { get; init; }

    /// <summary>When the platform was ready.</summary>
    public DateTimeOffset StartedAt { get; init; }
}

/// <summary>Source-generated JSON of this folder's files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(PlatformEndpoints))]
internal sealed partial class HostingJson : JsonSerializerContext;
