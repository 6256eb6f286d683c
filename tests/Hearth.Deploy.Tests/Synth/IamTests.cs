using System.Text.Json.Nodes;
using Hearth.Deploy.Emr;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Stacks;
using Hearth.Platform;
using Hearth.Platform.Text;

namespace Hearth.Deploy.Tests.Synth;

public sealed class IamTests
{
    /// <summary>Services that may take a role, and whether they must say for which account.</summary>
    private static readonly Dictionary<string, bool> Services = new(StringComparer.Ordinal)
    {
        ["ec2.amazonaws.com"] = false, ["eks.amazonaws.com"] = false, ["vpc-flow-logs.amazonaws.com"] = true, ["elasticmapreduce.amazonaws.com"] = true,
        ["pods.eks.amazonaws.com"] = true, ["grafana.amazonaws.com"] = true,
    };

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void No_statement_allows_a_wildcard_action_on_everything(string variant) =>
        IamRules.IdentityStatements(Variants.Of(variant)).Select(s => (s.Resource.Id, s.Statement["Sid"]?.ToString(), IamRules.Fault(s.Statement)))
            .Where(f => f.Item3 is not null).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void No_role_has_a_full_access_policy_of_AWS(string variant) =>
        Variants.Of(variant).OfType("AWS::IAM::Role").Where(r => r.Text("ManagedPolicyArns").Contains("FullAccess", StringComparison.Ordinal) || r.Text("ManagedPolicyArns").Contains("Administrator", StringComparison.Ordinal))
            .Select(r => r.Id).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Every_trust_names_a_known_service_or_exact_service_accounts(string variant)
    {
        foreach (var (role, statement) in IamRules.Trusts(Variants.Of(variant)))
        {
            var principal = statement["Principal"]!.AsObject();
            if (principal["Service"] is { } service)
            {
                Services.ShouldContainKey(service.ToString(), role.Id);
                (statement["Condition"]?["StringEquals"]?["aws:SourceAccount"]?.ToString() == Variants.Declaration(variant).AccountId).ShouldBe(Services[service.ToString()], role.Id);
                statement["Action"]!.ToJsonString().ShouldBe(service.ToString() == "pods.eks.amazonaws.com" ? """["sts:AssumeRole","sts:TagSession"]""" : "\"sts:AssumeRole\"", role.Id);
                principal.Count.ShouldBe(1, role.Id);
                continue;
            }

            statement["Action"]!.ToString().ShouldBe("sts:AssumeRoleWithWebIdentity", role.Id);
            principal["Federated"]!.ToString().ShouldBe("${Provider}", role.Id);
            statement["Condition"]!["StringEquals"]!["${Issuer}:aud"]!.ToString().ShouldBe("sts.amazonaws.com", role.Id);
            var subject = (statement["Condition"]!["StringEquals"]!["${Issuer}:sub"] ?? statement["Condition"]!["StringLike"]?["${Issuer}:sub"]).ShouldNotBeNull(role.Id);
            IamRules.Many(subject).ShouldAllBe(s => s!.ToString().StartsWith("system:serviceaccount:", StringComparison.Ordinal) && !s.ToString().EndsWith('*'));
        }
    }

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Pod_identity_roles_are_for_one_cluster_one_namespace_and_named_accounts(string variant)
    {
        foreach (var (role, statement) in IamRules.Trusts(Variants.Of(variant)).Where(t => t.Statement["Principal"]!["Service"]?.ToString() == "pods.eks.amazonaws.com"))
        {
            var condition = statement["Condition"]!["StringEquals"]!;
            condition["aws:RequestTag/eks-cluster-arn"]!.ToString().ShouldEndWith($"cluster/{Variants.Declaration(variant).Name}", customMessage: role.Id);
            condition["aws:RequestTag/kubernetes-namespace"].ShouldNotBeNull(role.Id);
            condition["aws:RequestTag/kubernetes-service-account"].ShouldNotBeNull(role.Id);
        }
    }

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void An_execution_role_is_for_its_own_service_accounts_only(string variant)
    {
        var platform = Variants.Declaration(variant);
        foreach (var team in platform.Teams)
        {
            var trust = IamRules.Trusts(Variants.Of(variant)).Single(t => t.Role.Text("RoleName") == team.ExecutionRole.Name).Statement;
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
    public void Glue_is_allowed_for_the_declared_databases_only()
    {
        var team = Variants.Declaration("emr-eks-karpenter").Teams[0] with { ExecutionRole = new ExecutionRole { GlueDatabases = ["sales"] } };
        var statements = TeamPolicy.Of(team, new Arns("us-west-2", "111122223333"), "events", [], []);

        statements.Single(s => s.Sid == "Tables").Resources.ShouldBe(
            ["arn:aws:glue:us-west-2:111122223333:catalog", "arn:aws:glue:us-west-2:111122223333:database/sales", "arn:aws:glue:us-west-2:111122223333:table/sales/*"]);
        TeamPolicy.Of(team with { ExecutionRole = new ExecutionRole() }, new Arns("us-west-2", "111122223333"), "events", [], []).ShouldNotContain(s => s.Actions.Any(a => a.StartsWith("glue:", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Nodes_have_no_rights_of_the_network_plugin(string variant)
    {
        var nodes = Variants.Of(variant).OfType("AWS::IAM::Role").Where(r => r.Text("AssumeRolePolicyDocument").Contains("ec2.amazonaws.com", StringComparison.Ordinal)).ToArray();

        nodes.ShouldNotBeEmpty();
        nodes.ShouldAllBe(r => !r.Text("ManagedPolicyArns").Contains("AmazonEKS_CNI_Policy", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Session_Manager_is_off_unless_it_is_asked_for(string variant) =>
        Variants.Of(variant).OfType("AWS::IAM::Role").ShouldAllBe(r => !r.Text("ManagedPolicyArns").Contains("SSM", StringComparison.Ordinal));

    [Fact]
    public void The_Studios_key_is_for_its_own_bucket()
    {
        var key = Templates.Analytics.Of("studio", "AWS::KMS::Key").Single()["KeyPolicy.Statement"]!.AsArray().Single(s => s!["Sid"]!.ToString() == "EmrForThisBucket")!;

        key["Condition"]!["StringLike"]!["kms:EncryptionContext:aws:s3:arn"]!.ToString().ShouldBe($"arn:aws:s3:::{Templates.Analytics.Of("studio", "AWS::S3::Bucket").Single().Text("BucketName")}*");
    }

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Everything_with_a_fixed_name_has_the_platforms_in_it(string variant)
    {
        var platform = Variants.Declaration(variant);
        string[] names = ["RoleName", "QueueName", "LogGroupName", "Alias", "AliasName"];
        var roles = platform.Teams.Select(t => t.ExecutionRole.Name).ToHashSet(StringComparer.Ordinal);

        Variants.Of(variant).All.SelectMany(r => names.Select(r.Text)).Where(n => n.Length > 0 && n[0] != '{' && !roles.Contains(n)).ShouldAllBe(n => n.Contains(platform.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_hundred_teams_come_in_stacks_that_CloudFormation_takes()
    {
        var templates = Variants.Of("two-hundred-teams");

        ((string[])["teams", "teams-2", "teams-3"]).Select(s => templates.Of(s, "AWS::EMRContainers::VirtualCluster").Count()).ShouldBe([StackNames.TeamsEach, StackNames.TeamsEach, 50]);
        templates.OfType("AWS::IAM::Role").Count(r => r.Text("RoleName").Contains("a-team-with-a-long-name", StringComparison.Ordinal)).ShouldBe(200);
    }

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Templates_fit_the_limits_of_CloudFormation(string variant)
    {
        var templates = Variants.Of(variant);

        templates.All.GroupBy(r => r.File).ShouldAllBe(stack => stack.Count() <= 500);
        templates.Files.ShouldAllBe(f => new FileInfo(f).Length < 1_000_000);
        templates.Files.SelectMany(f => new[] { Count(f, "Outputs"), Count(f, "Parameters") }).Max().ShouldBeLessThanOrEqualTo(200);

        static int Count(string file, string section) => (JsonNode.Parse(File.ReadAllText(file))![section] as JsonObject)?.Count ?? 0;
    }

    [Theory]
    [MemberData(nameof(Variants.Names), MemberType = typeof(Variants))]
    public void Policies_fit_the_limits_of_IAM(string variant)
    {
        var templates = Variants.Of(variant);
        foreach (var role in templates.OfType("AWS::IAM::Role"))
        {
            IamRules.Many(role.Properties["Policies"]).Sum(p => IamRules.Size(p!["PolicyDocument"]!)).ShouldBeLessThanOrEqualTo(PolicySize.Inline, role.Id);
            IamRules.Size(role.Properties["AssumeRolePolicyDocument"]!).ShouldBeLessThanOrEqualTo(PolicySize.Trust, role.Id);
            IamRules.Many(role.Properties["ManagedPolicyArns"]).Count().ShouldBeLessThanOrEqualTo(10, role.Id);
            role.Text("RoleName").Length.ShouldBeLessThanOrEqualTo(64);
        }

        templates.OfType("AWS::IAM::ManagedPolicy").ShouldAllBe(p => IamRules.Size(p.Properties["PolicyDocument"]!) <= PolicySize.Managed);
    }

    /// <summary>What the hard limit forces: about eighty prefixes, or two hundred databases.</summary>
    [Theory]
    [InlineData(30, true)]
    [InlineData(300, false)]
    public void A_role_that_allows_more_than_IAM_keeps_is_refused_before_anything_is_made(int prefixes, bool fits)
    {
        var platform = PlatformLoader.Load("analytics-platform", p => p with
        {
            Teams = [p.Teams[0], p.Teams[1] with { ExecutionRole = new ExecutionRole { Buckets = [.. Enumerable.Range(0, prefixes).Select(i => new BucketAccess { Bucket = "shared-data", Prefix = $"area-{i:000}/" })] } }],
        });
        var faults = new PlatformPlan(platform, []).Faults().ToArray();

        faults.Length.ShouldBe(fits ? 0 : 1);
        faults.ShouldAllBe(f => f.Path == "spec.teams[1].executionRole" && f.Message.Contains("IAM keeps at most 10240 in a role: name fewer buckets", StringComparison.Ordinal));
    }

    [Fact]
    public void The_size_said_beforehand_is_the_templates()
    {
        var (platform, role) = (Variants.Declaration("two-hundred-teams"), Variants.Of("two-hundred-teams").Of("teams", "AWS::IAM::Role").First());
        var said = PolicySize.Of(TeamPolicy.Of(platform.Teams.First(t => t.ExecutionRole.Name == role.Text("RoleName")), new Arns(platform.Region, platform.AccountId), platform.Monitoring.EventLogBucket, [], []));

        said.ShouldBe(IamRules.Size(role["Policies.0.PolicyDocument"]!));
    }

    [Fact]
    public void People_with_more_endpoints_than_a_policy_can_name_are_refused()
    {
        var platform = PlatformLoader.Load("analytics-platform", p => p with
        {
            Studio = p.Studio with
            {
                Endpoints = [.. Enumerable.Range(0, 60).Select(i => new StudioEndpoint { Name = $"e{i}" })],
                Users = [new StudioUser { Name = "ana", Endpoints = [.. Enumerable.Range(0, 60).Select(i => $"e{i}")] }],
            },
        });

        new PlatformPlan(platform, []).Faults().Single().ToString().ShouldStartWith("spec.studio.users[0].endpoints: 60 endpoints; a policy that names them is longer than IAM takes: give at most");
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
