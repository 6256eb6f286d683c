using System.Globalization;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.S3.Api;
using Hearth.Platform;

namespace Hearth.Aws.CloudFormation;

/// <summary>
/// CloudFormation as far as scripts read outputs: the stacks that the declaration has on AWS, under the same names and with the same outputs, so that a script
/// finds virtual clusters, roles and job configurations on both. Read only: what is declared is there, nothing is deployed.
/// </summary>
internal sealed class CloudFormationService(IDeclaredStacks stacks, PlatformDeclaration platform, DateTimeOffset created, Authorizer authorizer) : IAwsService
{
    private const string Namespace = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
    private const string Complete = "CREATE_COMPLETE";

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["cloudformation"];

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
            "DescribeStacks" => DescribeAsync(form),
            "ListStacks" => ListAsync(form),
            var other => throw AwsException.NotImplemented($"the CloudFormation operation {other}", "Embedded, the declaration is all there is; `hearth deploy` makes stacks on AWS."),
        };
    }

    private async Task DescribeAsync(FormRequest form)
    {
        var wanted = form["StackName"];
        authorizer.Require(form.Http, Protocol, "cloudformation:DescribeStacks", wanted is null ? "*" : Arn(wanted));
        var found = (await stacks.ListAsync(form.Http.Aborted).ConfigureAwait(false)).Where(s => wanted is null || s.Name == wanted || Arn(s.Name) == wanted).ToArray();
        if (wanted is not null && found.Length == 0)
        {
            throw new AwsException(400, "ValidationError", $"Stack with id {wanted} does not exist");
        }

        await form.AnswerAsync(Namespace, xml =>
        {
            xml.Open("Stacks");
            foreach (var stack in found)
            {
                Append(xml, stack, form);
            }

            xml.Close("Stacks");
        }).ConfigureAwait(false);
    }

    private async Task ListAsync(FormRequest form)
    {
        authorizer.Require(form.Http, Protocol, "cloudformation:ListStacks", "*");
        var states = form.List("StackStatusFilter");
        var all = states.Count == 0 || states.Contains(Complete, StringComparer.Ordinal) ? await stacks.ListAsync(form.Http.Aborted).ConfigureAwait(false) : [];
        await form.AnswerAsync(Namespace, xml =>
        {
            xml.Open("StackSummaries");
            foreach (var stack in all)
            {
                xml.Open("member").Add("StackId", Arn(stack.Name)).Add("StackName", stack.Name).Add("TemplateDescription", stack.Description)
                    .Add("CreationTime", Time()).Add("StackStatus", Complete).Close("member");
            }

            xml.Close("StackSummaries");
        }).ConfigureAwait(false);
    }

    private void Append(XmlText xml, DeclaredStack stack, FormRequest form)
    {
        xml.Open("member").Add("StackId", Arn(stack.Name)).Add("StackName", stack.Name).Add("Description", stack.Description)
            .Add("CreationTime", Time()).Add("StackStatus", Complete).Add("DisableRollback", "false").Open("Outputs");
        foreach (var output in stack.Outputs.Where(o => Visible(o, form)))
        {
            xml.Open("member").Add("OutputKey", output.Key).Add("OutputValue", output.Value).Add("Description", output.Description).Close("member");
        }

        xml.Close("Outputs").Open("Tags");
        foreach (var (key, value) in platform.Tags.Append(KeyValuePair.Create(StackNames.PlatformTag, platform.Name)))
        {
            xml.Open("member").Add("Key", key).Add("Value", value).Close("member");
        }

        xml.Close("Tags").Close("member");
    }

    /// <summary>A team's outputs are there only for whoever may look at what is the team's.</summary>
    private bool Visible(DeclaredOutput output, FormRequest form) =>
        output.Team is null || authorizer.Allows(form.Http, "cloudformation:DescribeStacks", "*", RequestContext.Empty.With(Authorizer.TeamKey, output.Team));

    private string Arn(string name) => name.StartsWith("arn:", StringComparison.Ordinal) ? name : $"arn:aws:cloudformation:{platform.Region}:{platform.AccountId}:stack/{name}/declared";

    private string Time() => created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
