using System.Text.Json.Nodes;
using Hearth.Platform;
using Hearth.Platform.Text;

namespace Hearth.Deploy.Tests.Synth;

public sealed class IamTests
{
    private const int InlineLimit = 10_240;

    private static readonly string[] Services =
    [
        "ec2.amazonaws.com", "eks.amazonaws.com", "vpc-flow-logs.amazonaws.com", "elasticmapreduce.amazonaws.com", "pods.eks.amazonaws.com", "grafana.amazonaws.com",
    ];

    public static TheoryData<string> Blueprints => [.. PlatformLoader.Blueprints];

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void No_statement_allows_a_wildcard_action_on_everything(string blueprint) =>
        IamRules.IdentityStatements(Templates.Of(blueprint)).Select(s => (s.Resource.Id, s.Statement["Sid"]?.ToString(), IamRules.Fault(s.Statement)))
            .Where(f => f.Item3 is not null).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void No_role_has_a_full_access_policy_of_AWS(string blueprint) =>
        Templates.Of(blueprint).OfType("AWS::IAM::Role").Where(r => r.Text("ManagedPolicyArns").Contains("FullAccess", StringComparison.Ordinal) || r.Text("ManagedPolicyArns").Contains("Administrator", StringComparison.Ordinal))
            .Select(r => r.Id).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void Every_trust_names_a_known_service_or_exact_service_accounts(string blueprint)
    {
        foreach (var (role, statement) in IamRules.Trusts(Templates.Of(blueprint)))
        {
            var principal = statement["Principal"]!.AsObject();
            if (principal["Service"] is { } service)
            {
                Services.ShouldContain(service.ToString(), role.Id);
                continue;
            }

            principal["Federated"]!.ToString().ShouldBe("${Provider}", role.Id);
            statement["Condition"]!["StringEquals"]!["${Issuer}:aud"]!.ToString().ShouldBe("sts.amazonaws.com", role.Id);
            var subject = (statement["Condition"]!["StringEquals"]!["${Issuer}:sub"] ?? statement["Condition"]!["StringLike"]?["${Issuer}:sub"]).ShouldNotBeNull(role.Id);
            IamRules.Many(subject).ShouldAllBe(s => s!.ToString().StartsWith("system:serviceaccount:", StringComparison.Ordinal) && !s.ToString().EndsWith('*'));
        }
    }

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void Pod_identity_roles_are_for_one_cluster_one_namespace_and_named_accounts(string blueprint)
    {
        foreach (var (role, statement) in IamRules.Trusts(Templates.Of(blueprint)).Where(t => t.Statement["Principal"]!["Service"]?.ToString() == "pods.eks.amazonaws.com"))
        {
            var condition = statement["Condition"]!["StringEquals"]!;
            condition["aws:RequestTag/eks-cluster-arn"]!.ToString().ShouldEndWith($"cluster/{PlatformLoader.Load(blueprint).Name}", customMessage: role.Id);
            condition["aws:RequestTag/kubernetes-namespace"].ShouldNotBeNull(role.Id);
            condition["aws:RequestTag/kubernetes-service-account"].ShouldNotBeNull(role.Id);
        }
    }

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void An_execution_role_is_for_its_own_service_accounts_only(string blueprint)
    {
        var platform = PlatformLoader.Load(blueprint);
        foreach (var team in platform.Teams)
        {
            var trust = IamRules.Trusts(Templates.Of(blueprint)).Single(t => t.Role.Text("RoleName") == team.ExecutionRole.Name).Statement;
            trust["Condition"]!["StringLike"]!["${Issuer}:sub"]!.ToString()
                .ShouldBe($"system:serviceaccount:{team.Namespace}:emr-containers-sa-*-*-{platform.AccountId}-{Base36.Of(team.ExecutionRole.Name)}");
        }
    }

    [Fact]
    public void Teams_cannot_reach_each_others_buckets()
    {
        var platform = PlatformLoader.Load("emr-eks-karpenter");
        var roles = Templates.Karpenter.Of("teams", "AWS::IAM::Role").ToDictionary(r => r.Text("RoleName"));
        foreach (var team in platform.Teams)
        {
            var others = platform.Teams.Where(t => t.Name != team.Name).Select(t => t.Bucket);
            roles[team.ExecutionRole.Name].Json.ShouldContain(team.Bucket);
            foreach (var other in others)
            {
                roles[team.ExecutionRole.Name].Json.ShouldNotContain(other);
            }
        }
    }

    [Fact]
    public void Two_hundred_teams_fit_the_limits_of_IAM_and_CloudFormation()
    {
        const int teams = StackNames.TeamsEach + 1;
        var templates = Templates.Of("emr-eks-karpenter", p => PlatformDefaults.Complete(p with
        {
            Teams = [.. Enumerable.Range(0, teams).Select(i => new Team { Name = $"a-team-with-a-long-name-{i:000}", ExecutionRole = new ExecutionRole { GlueDatabases = ["sales", "events", "marketing"] } })],
        }), "many teams");

        // A stack is full at TeamsEach; two hundred teams are two full ones and a part of a third.
        templates.Of("teams", "AWS::EMRContainers::VirtualCluster").Count().ShouldBe(StackNames.TeamsEach);
        templates.Of("teams-2", "AWS::EMRContainers::VirtualCluster").Count().ShouldBe(1);
        templates.All.GroupBy(r => r.File).ShouldAllBe(stack => stack.Count() <= 500);
        templates.Files.ShouldAllBe(f => new FileInfo(f).Length < 1_000_000);
        foreach (var role in templates.OfType("AWS::IAM::Role"))
        {
            IamRules.Many(role.Properties["Policies"]).Sum(p => p!["PolicyDocument"]!.ToJsonString().Length).ShouldBeLessThan(InlineLimit, role.Id);
            (role.Properties["AssumeRolePolicyDocument"]!.ToJsonString().Length).ShouldBeLessThan(2048 * 2, role.Id);
        }
    }

    [Fact]
    public void The_rules_find_what_they_look_for()
    {
        IamRules.Fault(Statement("s3:*", "arn:aws:s3:::b")).ShouldBe("allows s3:*");
        IamRules.Fault(Statement("s3:Get*", "*")).ShouldBe("s3:Get* on *");
        IamRules.Fault(Statement("ec2:RunInstances", "*")).ShouldBe("ec2:RunInstances changes things on * without a condition");
        IamRules.Fault(Statement("ec2:DescribeSubnets", "*")).ShouldBeNull();
        IamRules.Fault(Statement("s3:GetObject", "arn:aws:s3:::b/*")).ShouldBeNull();
    }

    private static JsonObject Statement(string action, string resource) => new() { ["Effect"] = "Allow", ["Action"] = action, ["Resource"] = resource };
}
