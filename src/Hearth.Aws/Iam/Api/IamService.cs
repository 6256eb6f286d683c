using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Iam.Api;

/// <summary>AWS Identity and Access Management (2010-05-08): roles and their policies, and the little of users and policies that goes with them.</summary>
internal sealed class IamService : IAwsService
{
    private readonly Dictionary<string, Func<IamCall, Task>> operations;
    private readonly IamSettings settings;

    public IamService(IamSettings settings)
    {
        this.settings = settings;
        operations = new Dictionary<string, Func<IamCall, Task>>(StringComparer.Ordinal)
        {
            ["GetRole"] = RoleReads.GetAsync,
            ["ListRoles"] = RoleReads.ListAsync,
            ["ListRoleTags"] = RoleReads.TagsAsync,
            ["GetRolePolicy"] = RoleReads.GetPolicyAsync,
            ["ListRolePolicies"] = RoleReads.ListPoliciesAsync,
            ["ListAttachedRolePolicies"] = RoleReads.ListAttachedAsync,
            ["ListInstanceProfilesForRole"] = RoleReads.InstanceProfilesAsync,
            ["CreateRole"] = RoleWrites.CreateAsync,
            ["DeleteRole"] = RoleWrites.DeleteAsync,
            ["UpdateAssumeRolePolicy"] = RoleWrites.UpdateTrustAsync,
            ["PutRolePolicy"] = RoleWrites.PutPolicyAsync,
            ["DeleteRolePolicy"] = RoleWrites.DeletePolicyAsync,
            ["AttachRolePolicy"] = RoleWrites.AttachAsync,
            ["DetachRolePolicy"] = RoleWrites.DetachAsync,
            ["GetPolicy"] = PolicyReads.GetAsync,
            ["GetPolicyVersion"] = PolicyReads.VersionAsync,
            ["ListPolicyVersions"] = PolicyReads.VersionsAsync,
            ["ListPolicies"] = PolicyReads.ListAsync,
            ["GetUser"] = UserReads.GetAsync,
            ["ListUsers"] = UserReads.ListAsync,
            ["ListAccessKeys"] = UserReads.KeysAsync,
            ["ListAttachedUserPolicies"] = UserReads.ListAttachedAsync,
            ["ListUserPolicies"] = UserReads.ListPoliciesAsync,
            ["ListOpenIDConnectProviders"] = ProviderReads.ListAsync,
            ["GetOpenIDConnectProvider"] = ProviderReads.GetAsync,
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["iam"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.Query;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var form = FormRequest.Of(request, body);
        return operations.TryGetValue(form.Action, out var handle)
            ? handle(new IamCall(form, settings))
            : throw AwsException.NotImplemented($"the IAM operation {form.Action}", "Roles, policies and users follow the platform's declaration.");
    }
}

/// <summary>What the operations of IAM share.</summary>
/// <param name="Identities">Roles, users, policies.</param>
/// <param name="Authorizer">Who may.</param>
/// <param name="Credentials">Lasting keys.</param>
/// <param name="AccountId">Twelve digits.</param>
/// <param name="Issuer">The cluster's OpenID issuer, or null.</param>
internal sealed record IamSettings(IIdentityStore Identities, Authorizer Authorizer, ICredentialStore Credentials, string AccountId, string? Issuer);
