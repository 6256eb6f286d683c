using Amazon.CDK;
using Constructs;
using Hearth.Platform;

namespace Hearth.Deploy.Stacks;

/// <summary>One stack of a platform: fixed account and region, the declaration's tags, outputs.</summary>
public abstract class PlatformStack : Stack
{
    private protected PlatformStack(Construct scope, PlatformPlan plan, string name, string description)
        : base(scope, name, new StackProps
        {
            StackName = name,
            Description = $"{plan.Platform.Name}: {description}",
            Env = new Amazon.CDK.Environment { Account = plan.Platform.AccountId, Region = plan.Platform.Region },
            // Reading the template must not need the bootstrap's version parameter; the CLI checks the bootstrap itself.
            Synthesizer = new DefaultStackSynthesizer(new DefaultStackSynthesizerProps { GenerateBootstrapVersionRule = false }),
        })
    {
        Plan = plan;
        foreach (var (key, value) in plan.Platform.Tags)
        {
            Amazon.CDK.Tags.Of(this).Add(key, value);
        }

        Amazon.CDK.Tags.Of(this).Add(StackNames.PlatformTag, plan.Platform.Name);
    }

    private protected PlatformPlan Plan { get; }

    private protected void Output(string name, string value, string description) => new CfnOutput(this, name, new CfnOutputProps { Value = value, Description = description });
}
