using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Aws.Ec2;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.S3.Api;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Kube.Client;

namespace Hearth.Aws.Elb;

/// <summary>
/// Elastic Load Balancing v2 as far as scripts around managed endpoints need it: the load balancer of each endpoint, its tags and its security
/// groups. Simulated: nothing listens there.
/// </summary>
/// <param name="estate">What the declaration would have.</param>
/// <param name="client">Knows the managed endpoints; security groups that are set are kept on them.</param>
/// <param name="names">Names of what managed endpoints have.</param>
/// <param name="authorizer">Who may.</param>
/// <param name="teams">Team by namespace.</param>
internal sealed class ElbService(Estate estate, IKubeClient client, JobServiceOptions names, Authorizer authorizer, IReadOnlyDictionary<string, string> teams) : IAwsService
{
    private const string Namespace = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
    private const string GroupsAnnotation = "elasticloadbalancing.hearth.dev/security-groups";
    private const string HostedZone = "Z1H1FL5HABSF5";

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["elasticloadbalancing"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.Query;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var form = FormRequest.Of(request, body);
        return form.Action switch
        {
            "DescribeLoadBalancers" => DescribeAsync(form),
            "DescribeTags" => TagsAsync(form),
            "SetSecurityGroups" => SetGroupsAsync(form),
            var other => throw AwsException.NotImplemented($"the Elastic Load Balancing operation {other}", "Load balancers come and go with managed endpoints."),
        };
    }

    private async Task DescribeAsync(FormRequest form)
    {
        authorizer.Require(form.Http, Protocol, "elasticloadbalancing:DescribeLoadBalancers", "*");
        var all = await VisibleAsync(form, "elasticloadbalancing:DescribeLoadBalancers").ConfigureAwait(false);
        var (wanted, named) = (form.List("LoadBalancerArns"), form.List("Names"));
        if (wanted.FirstOrDefault(arn => !all.Exists(b => b.Arn == arn)) is { } missing)
        {
            throw NotFound(missing);
        }

        if (named.FirstOrDefault(name => !all.Exists(b => b.Network.LoadBalancerName == name)) is { } unknown)
        {
            throw new AwsException(400, "LoadBalancerNotFound", $"Load balancers '[{unknown}]' not found");
        }

        await form.AnswerAsync(Namespace, xml =>
        {
            xml.Open("LoadBalancers");
            foreach (var balancer in all.Where(b => (wanted.Count == 0 || wanted.Contains(b.Arn, StringComparer.Ordinal)) && (named.Count == 0 || named.Contains(b.Network.LoadBalancerName, StringComparer.Ordinal))))
            {
                Append(xml, balancer);
            }

            xml.Close("LoadBalancers");
        }).ConfigureAwait(false);
    }

    private async Task TagsAsync(FormRequest form)
    {
        authorizer.Require(form.Http, Protocol, "elasticloadbalancing:DescribeTags", "*");
        var all = await VisibleAsync(form, "elasticloadbalancing:DescribeTags").ConfigureAwait(false);
        var wanted = form.List("ResourceArns").Select(arn => all.Find(b => b.Arn == arn) ?? throw NotFound(arn)).ToArray();
        await form.AnswerAsync(Namespace, xml =>
        {
            xml.Open("TagDescriptions");
            foreach (var balancer in wanted)
            {
                xml.Open("member").Add("ResourceArn", balancer.Arn).Open("Tags");
                foreach (var (key, value) in balancer.Network.LoadBalancerTags.OrderBy(t => t.Key, StringComparer.Ordinal))
                {
                    xml.Open("member").Add("Key", key).Add("Value", value).Close("member");
                }

                xml.Close("Tags").Close("member");
            }

            xml.Close("TagDescriptions");
        }).ConfigureAwait(false);
    }

    private async Task SetGroupsAsync(FormRequest form)
    {
        var arn = form.Required("LoadBalancerArn");
        var balancer = (await BalancersAsync(form.Http.Aborted).ConfigureAwait(false)).Find(b => b.Arn == arn);
        authorizer.Require(
            form.Http, Protocol, "elasticloadbalancing:SetSecurityGroups", arn,
            RequestContext.Empty.With(Authorizer.TeamKey, balancer is null ? null : teams.GetValueOrDefault(balancer.Network.Namespace)));
        var found = balancer ?? throw NotFound(arn);
        var groups = form.List("SecurityGroups");
        if (groups.Count == 0)
        {
            throw new AwsException(400, "ValidationError", "At least one security group must be specified");
        }

        if (groups.FirstOrDefault(g => !g.StartsWith("sg-", StringComparison.Ordinal)) is { } wrong)
        {
            throw new AwsException(400, "InvalidSecurityGroup", $"One or more security groups are invalid: {wrong}");
        }

        var annotations = new JsonObject { [GroupsAnnotation] = string.Join(',', groups) };
        await client.PatchAsync(found.Endpoint.Ref(), KubePatch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }), form.Http.Aborted).ConfigureAwait(false);
        await form.AnswerAsync(Namespace, xml => Groups(xml, "SecurityGroupIds", groups)).ConfigureAwait(false);
    }

    /// <summary>Those that the caller may see; the others are not there for it.</summary>
    private async Task<List<Balancer>> VisibleAsync(FormRequest form, string action) =>
        (await BalancersAsync(form.Http.Aborted).ConfigureAwait(false))
            .FindAll(b => authorizer.Allows(form.Http, action, "*", RequestContext.Empty.With(Authorizer.TeamKey, teams.GetValueOrDefault(b.Network.Namespace, Authorizer.NoTeam))));

    private async Task<List<Balancer>> BalancersAsync(CancellationToken ct)
    {
        var endpoints = await client.ListAsync<ManagedEndpoint>(null, ListOptions.All, ct).ConfigureAwait(false);
        return [.. endpoints.Where(e => e.State is EndpointState.Creating or EndpointState.Active).Select(e => Of(e, EndpointNames.Network(e, names)))];
    }

    private Balancer Of(ManagedEndpoint endpoint, EndpointNetwork network)
    {
        var arn = $"arn:aws:elasticloadbalancing:{estate.Platform.Region}:{estate.Platform.AccountId}:loadbalancer/app/{network.LoadBalancerName}/{estate.Id("lb", network.EndpointId)[4..]}";
        var groups = endpoint.Metadata.Annotation(GroupsAnnotation)?.Split(',') ?? [network.SecurityGroupId];
        return new Balancer(arn, endpoint, network, groups);
    }

    private void Append(XmlText xml, Balancer balancer)
    {
        var network = balancer.Network;
        xml.Open("member").Add("LoadBalancerArn", balancer.Arn).Add("DNSName", network.DnsName).Add("CanonicalHostedZoneId", HostedZone)
            .Add("CreatedTime", network.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            .Add("LoadBalancerName", network.LoadBalancerName).Add("Scheme", "internal").Add("VpcId", estate.VpcId)
            .Open("State").Add("Code", network.Active ? "active" : "provisioning").Close("State").Add("Type", "application").Open("AvailabilityZones");
        foreach (var id in network.SubnetIds)
        {
            xml.Open("member").Add("ZoneName", estate.Subnets.FirstOrDefault(s => s.Id == id)?.Declared.Zone).Add("SubnetId", id).Close("member");
        }

        Groups(xml.Close("AvailabilityZones"), "SecurityGroups", balancer.Groups);
        xml.Add("IpAddressType", "ipv4").Close("member");
    }

    private static void Groups(XmlText xml, string name, IReadOnlyList<string> groups)
    {
        xml.Open(name);
        foreach (var group in groups)
        {
            xml.Open("member").Text(group).Close("member");
        }

        xml.Close(name);
    }

    private static AwsException NotFound(string arn) => new(400, "LoadBalancerNotFound", $"Load balancer '{arn}' not found");

    private sealed record Balancer(string Arn, ManagedEndpoint Endpoint, EndpointNetwork Network, IReadOnlyList<string> Groups);
}
