namespace Hearth.Platform;

/// <summary>The CloudFormation stacks of a platform and what their outputs are called: the same on AWS and embedded, so that scripts work on both. Pure.</summary>
public static class StackNames
{
    /// <summary>Tag of everything on AWS that belongs to a platform; its value is the platform's name.</summary>
    public const string PlatformTag = "hearth.dev/platform";

    /// <summary>Six resources a team, and room for what is shared: CloudFormation takes 500 resources a stack.</summary>
    public const int TeamsEach = 75;

    /// <summary>VPC, subnets, gateways, endpoints.</summary>
    public static string Network(PlatformDeclaration platform) => $"{platform.Name}-network";

    /// <summary>EKS cluster, nodes, add-ons.</summary>
    public static string Cluster(PlatformDeclaration platform) => $"{platform.Name}-cluster";

    /// <summary>Buckets and file systems that teams share.</summary>
    public static string Storage(PlatformDeclaration platform) => $"{platform.Name}-storage";

    /// <summary>Prometheus workspace, log groups.</summary>
    public static string Monitoring(PlatformDeclaration platform) => $"{platform.Name}-monitoring";

    /// <summary>EMR Studio, endpoints, people.</summary>
    public static string Studio(PlatformDeclaration platform) => $"{platform.Name}-studio";

    /// <summary>The first teams are in <c>-teams</c>, the next <see cref="TeamsEach"/> in <c>-teams-2</c>.</summary>
    /// <param name="platform">The platform.</param>
    /// <param name="number">From 1.</param>
    public static string Teams(PlatformDeclaration platform, int number) => number == 1 ? $"{platform.Name}-teams" : FormattableString.Invariant($"{platform.Name}-teams-{number}");

    /// <summary>Whether a stack is one of <see cref="Teams"/>.</summary>
    public static bool IsTeams(PlatformDeclaration platform, string stack) =>
        stack == Teams(platform, 1) || (stack.StartsWith($"{Teams(platform, 1)}-", StringComparison.Ordinal) && int.TryParse(stack.AsSpan(Teams(platform, 1).Length + 1), out _));

    /// <summary>Output of a team's stack.</summary>
    public static string VirtualClusterOutput(string team) => $"{Pascal(team)}VirtualClusterId";

    /// <summary>Output of a team's stack.</summary>
    public static string ExecutionRoleOutput(string team) => $"{Pascal(team)}ExecutionRoleArn";

    /// <summary>Output of the first teams' stack, for a pod template's file name.</summary>
    public static string PodTemplateOutput(string file) => $"{Pascal(Path.GetFileNameWithoutExtension(file))}PodTemplate";

    /// <summary>Output of the first teams' stack: a request's <c>configurationOverrides</c>.</summary>
    public static string ConfigurationOutput(string configuration) => $"{Pascal(configuration)}Config";

    /// <summary>How to point kubectl at a platform: an output of the cluster's stack.</summary>
    public static string KubectlCommand(PlatformDeclaration platform) => $"aws eks --region {platform.Region} update-kubeconfig --name {platform.Name}";

    private static string Pascal(string name) => string.Concat(name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
}
