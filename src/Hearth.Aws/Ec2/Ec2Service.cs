using System.Globalization;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.S3.Api;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Scheduling.Catalog;

namespace Hearth.Aws.Ec2;

/// <summary>Amazon EC2 as far as scripts around EMR on EKS look at it: network, security groups, instances behind the nodes, instance types. Nothing is changed.</summary>
/// <param name="estate">What the declaration would have.</param>
/// <param name="client">Knows nodes and managed endpoints.</param>
/// <param name="names">Names of what managed endpoints have.</param>
/// <param name="authorizer">Who may.</param>
/// <param name="teams">Team by namespace.</param>
internal sealed class Ec2Service(Estate estate, IKubeClient client, JobServiceOptions names, Authorizer authorizer, IReadOnlyDictionary<string, string> teams) : IAwsService
{
    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["ec2"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.Ec2Query;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public async Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var form = FormRequest.Of(request, body);
        Func<Task<IEnumerable<Ec2Item>>>? find = form.Action switch
        {
            "DescribeVpcs" => () => Task.FromResult(Vpcs()),
            "DescribeSubnets" => () => Task.FromResult(Subnets()),
            "DescribeSecurityGroups" => () => SecurityGroupsAsync(request),
            "DescribeInstances" => () => InstancesAsync(request.Aborted),
            "DescribeInstanceTypes" => () => Task.FromResult(Types(form)),
            "DescribeAvailabilityZones" => () => Task.FromResult(Zones()),
            _ => null,
        };
        if (find is null)
        {
            throw AwsException.NotImplemented($"the EC2 operation {form.Action}", "The network follows the declaration, instances follow the nodes.");
        }

        authorizer.Require(request, Protocol, $"ec2:{form.Action}", "*");
        var (list, idParameter, missing) = Ec2Item.Shape(form.Action);
        var found = (await find().ConfigureAwait(false)).ToArray();
        var wanted = form.List(idParameter);
        foreach (var id in wanted.Where(id => !Array.Exists(found, f => f.Id == id)))
        {
            throw new AwsException(400, missing, $"The {missing.Split('.')[0][7..]} '{id}' does not exist");
        }

        var named = form.Action is "DescribeSecurityGroups" ? form.List("GroupName") : [];
        var page = found.Where(f => (wanted.Count == 0 || wanted.Contains(f.Id, StringComparer.Ordinal)) && (named.Count == 0 || f.Matches("group-name", named)) && form.Filters().All(filter => f.Matches(filter.Name, filter.Values)));
        await form.Ec2AnswerAsync(xml =>
        {
            xml.Open(list);
            foreach (var item in page)
            {
                item.Write(xml.Open("item"));
                xml.Close("item");
            }

            xml.Close(list);
        }).ConfigureAwait(false);
    }

    private IEnumerable<Ec2Item> Vpcs()
    {
        var platform = estate.Platform;
        var tags = new Dictionary<string, string>(platform.Tags, StringComparer.Ordinal) { ["Name"] = platform.Name };
        yield return new Ec2Item(estate.VpcId, tags, xml =>
        {
            xml.Add("vpcId", estate.VpcId).Add("ownerId", platform.AccountId).Add("state", "available").Add("cidrBlock", platform.Network.VpcCidr).Open("cidrBlockAssociationSet");
            foreach (var cidr in platform.Network.SecondaryCidrs.Prepend(platform.Network.VpcCidr))
            {
                xml.Open("item").Add("associationId", estate.Id("vpc-cidr-assoc", cidr)).Add("cidrBlock", cidr).Open("cidrBlockState").Add("state", "associated").Close("cidrBlockState").Close("item");
            }

            xml.Close("cidrBlockAssociationSet").Add("instanceTenancy", "default").Add("isDefault", false);
        })
        { Filters = { ["vpc-id"] = estate.VpcId, ["cidr"] = platform.Network.VpcCidr, ["state"] = "available" } };
    }

    private IEnumerable<Ec2Item> Subnets() => estate.Subnets.Select(subnet =>
    {
        var (id, declared) = (subnet.Id, subnet.Declared);
        var tags = new Dictionary<string, string>(estate.Platform.Tags, StringComparer.Ordinal) { ["Name"] = $"{estate.Platform.Name}-{declared.Name}" };
        var role = declared.Kind switch { "public" => "kubernetes.io/role/elb", "private" => "kubernetes.io/role/internal-elb", _ => "karpenter.sh/discovery" };
        tags[role] = declared.Kind is "dataPlane" ? estate.Platform.Name : "1";
        return new Ec2Item(id, tags, xml => xml
            .Add("subnetId", id).Add("subnetArn", $"arn:aws:ec2:{estate.Platform.Region}:{estate.Platform.AccountId}:subnet/{id}").Add("state", "available").Add("ownerId", estate.Platform.AccountId)
            .Add("vpcId", estate.VpcId).Add("cidrBlock", declared.Cidr).Add("availabilityZone", declared.Zone).Add("defaultForAz", false).Add("mapPublicIpOnLaunch", declared.Kind is "public"))
        { Filters = { ["subnet-id"] = id, ["vpc-id"] = estate.VpcId, ["availability-zone"] = declared.Zone, ["cidr-block"] = declared.Cidr, ["state"] = "available" } };
    });

    private async Task<IEnumerable<Ec2Item>> SecurityGroupsAsync(AwsRequest request)
    {
        bool Visible(string ns) => authorizer.Allows(request, "ec2:DescribeSecurityGroups", "*", RequestContext.Empty.With(Authorizer.TeamKey, teams.GetValueOrDefault(ns, Authorizer.NoTeam)));
        var endpoints = await client.ListAsync<ManagedEndpoint>(null, ListOptions.All, request.Aborted).ConfigureAwait(false);
        var there = endpoints.Where(e => e.State is not (Hearth.Jobs.Model.EndpointState.Terminated or Hearth.Jobs.Model.EndpointState.TerminatedWithErrors));
        var groups = there.Where(e => Visible(e.Metadata.Namespace!)).Select(e => EndpointNames.Network(e, names)).Select(n =>
            new EstateSecurityGroup(n.SecurityGroupId, n.SecurityGroupName, "Managed endpoint load balancer", n.LoadBalancerTags));
        return groups.Prepend(estate.NodeSecurityGroup).Prepend(estate.ClusterSecurityGroup).Select(group => new Ec2Item(group.Id, group.Tags, xml => xml
            .Add("ownerId", estate.Platform.AccountId).Add("groupId", group.Id).Add("groupName", group.Name).Add("groupDescription", group.Description).Add("vpcId", estate.VpcId)
            .Open("ipPermissions").Close("ipPermissions").Open("ipPermissionsEgress").Close("ipPermissionsEgress"))
        { Filters = { ["group-id"] = group.Id, ["group-name"] = group.Name, ["vpc-id"] = estate.VpcId, ["description"] = group.Description } });
    }

    private async Task<IEnumerable<Ec2Item>> InstancesAsync(CancellationToken ct)
    {
        var nodes = await client.ListAsync<Node>(null, ListOptions.All, ct).ConfigureAwait(false);
        return nodes.Where(n => n.Spec?.ProviderID is not null).Select(node => Ec2Instance.Of(node, estate));
    }

    private static IEnumerable<Ec2Item> Types(FormRequest form)
    {
        // Without names all types would be some hundreds of kilobytes; AWS pages them.
        var wanted = form.List("InstanceType");
        var types = wanted.Count > 0 ? wanted.Select(Ec2Catalog.Default.Find).OfType<InstanceType>() : Ec2Catalog.Default.Types;
        return types.Select(Ec2Instance.Describe);
    }

    private IEnumerable<Ec2Item> Zones() => estate.Platform.Network.Zones.Select(zone => new Ec2Item(zone, new Dictionary<string, string>(StringComparer.Ordinal), xml => xml
        .Add("zoneName", zone).Add("zoneState", "available").Add("regionName", estate.Platform.Region).Add("zoneType", "availability-zone").Add("optInStatus", "opt-in-not-required"))
    { Filters = { ["zone-name"] = zone, ["state"] = "available", ["region-name"] = estate.Platform.Region } });
}
