using Amazon.CDK.AWS.EMR;
using Amazon.CDK.AWS.IAM;
using Constructs;
using Hearth.Deploy.Iam;

namespace Hearth.Deploy.Notebook;

/// <summary>One person's rights: a managed policy on an IAM user, on a federated role, or as the session policy of an Identity Center identity.</summary>
internal sealed class StudioUser : Construct
{
    public StudioUser(Construct scope, string id, StudioUserProps user, NotebookPlatformProps props, IReadOnlyList<Allow> statements, string studioId)
        : base(scope, id)
    {
        var federated = props.IdpArn.Length > 0;
        var policy = new CfnManagedPolicy(this, "Policy", new CfnManagedPolicyProps
        {
            Description = $"{user.IdentityName} in Studio {props.StudioName}",
            PolicyDocument = Policies.Document(statements),
            Users = props.Auth == StudioAuth.Iam && !federated ? [user.IdentityName] : null,
        });
        if (props.Auth == StudioAuth.IdentityCenter)
        {
            new CfnStudioSessionMapping(this, "Mapping", new CfnStudioSessionMappingProps
            {
                StudioId = studioId, IdentityName = user.IdentityName, IdentityType = user.IdentityType == StudioIdentity.User ? "USER" : "GROUP", SessionPolicyArn = policy.Ref,
            });
        }
        else if (federated)
        {
            new CfnRole(this, "Role", new CfnRoleProps
            {
                Description = $"{user.IdentityName} in Studio {props.StudioName}",
                ManagedPolicyArns = [policy.Ref],
                AssumeRolePolicyDocument = Saml(props.IdpArn),
            });
        }
    }

    private static Dictionary<string, object> Saml(string provider) => Policies.Document(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["Effect"] = "Allow",
        ["Principal"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["Federated"] = provider },
        ["Action"] = "sts:AssumeRoleWithSAML",
        ["Condition"] = PolicyCondition.ToDocument([new PolicyCondition("StringEquals", "SAML:aud", ["https://signin.aws.amazon.com/saml"])]),
    });
}
