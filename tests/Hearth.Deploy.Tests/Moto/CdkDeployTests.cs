using Hearth.Deploy.Tests.Synth;
using Hearth.Platform;

namespace Hearth.Deploy.Tests.Moto;

/// <summary>
/// A real <c>cdk deploy</c> against a mock of CloudFormation. Only the stacks whose types moto realises: it knows neither additional address blocks nor
/// most of EKS.
/// </summary>
public sealed class CdkDeployTests
{
    [Fact]
    public async Task The_CDK_deploys_network_and_storage()
    {
        Assert.SkipWhen(MotoServer.Missing is not null, $"needs {MotoServer.Missing}");
        var assembly = Templates.Synthesise(PlatformLoader.Load("analytics-platform", p => p with { AccountId = MotoServer.Account })).Directory;
        await using var moto = await MotoServer.StartAsync();

        var bootstrap = await moto.CdkAsync("bootstrap", $"aws://{MotoServer.Account}/{MotoServer.Region}");
        bootstrap.Code.ShouldBe(0, bootstrap.Output);
        foreach (var stack in (string[])["data-platform-network", "data-platform-storage"])
        {
            var deploy = await moto.CdkAsync("deploy", stack, "--app", assembly, "--exclusively", "--require-approval", "never");
            deploy.Code.ShouldBe(0, deploy.Output);
        }

        (await moto.AwsAsync("ec2", "describe-subnets", "--filters", "Name=tag:hearth.dev/platform,Values=data-platform", "--query", "length(Subnets)")).Output.Trim().ShouldBe("6");
        (await moto.AwsAsync("ec2", "describe-nat-gateways", "--query", "length(NatGateways)")).Output.Trim().ShouldBe("3");
        (await moto.AwsAsync("s3api", "get-bucket-encryption", "--bucket", $"data-platform-emr-{MotoServer.Account}-{MotoServer.Region}")).Output.ShouldContain("AES256");

        var again = await moto.CdkAsync("diff", "data-platform-storage", "--app", assembly, "--exclusively", "--method", "template");
        again.Output.ShouldContain("There were no differences");
    }
}
