using Hearth.Platform.Schema;
using Of = Hearth.Platform.Schema.Table<Hearth.Platform.Studio>;

namespace Hearth.Platform.Fields;

/// <summary><c>spec.studio</c>.</summary>
internal static class StudioFields
{
    private static readonly ObjectShape<StudioEndpoint> Endpoint = new("StudioEndpoint", "An interactive endpoint.", new(),
    [
        Table<StudioEndpoint>.Field("name", Texts.Name, e => e.Name, (e, v) => e with { Name = v }, "The endpoint is called `<studio>-<name>`.", required: true),
        Table<StudioEndpoint>.Field("releaseLabel", Texts.ReleaseLabel, e => e.ReleaseLabel, (e, v) => e with { ReleaseLabel = v }, "Left out, the platform's."),
    ]);

    private static readonly ObjectShape<StudioUser> User = new("StudioUser", "A person, or a group of IAM Identity Center.", new(),
    [
        Table<StudioUser>.Field("name", Texts.Any, u => u.Name, (u, v) => u with { Name = v }, "The IAM user's name, or the name in IAM Identity Center.", required: true),
        Table<StudioUser>.Field("type", TextShape.OneOf("user", "group"), u => u.Type, (u, v) => u with { Type = v }, "Groups exist in IAM Identity Center only."),
        Table<StudioUser>.Field("endpoints", Shapes.Texts, u => u.Endpoints, (u, v) => u with { Endpoints = v }, "Names of the Studio's endpoints that they may attach notebooks to."),
    ]);

    public static ObjectShape<Studio> Studio { get; } = new("Studio", "EMR Studio over one team's virtual cluster; AWS only.", new(),
    [
        Of.Field("name", Texts.Name, s => s.Name, (s, v) => s with { Name = v }, "Its name; left out, there is no Studio."),
        Of.Field("team", Texts.Name, s => s.Team, (s, v) => s with { Team = v }, "The team whose namespace notebooks run in."),
        Of.Field("auth", TextShape.OneOf("iam", "identityCenter"), s => s.Auth, (s, v) => s with { Auth = v }, "How people sign in."),
        Of.Field("endpoints", new ListShape<StudioEndpoint>(Endpoint, new()), s => s.Endpoints, (s, v) => s with { Endpoints = v }, "Interactive endpoints."),
        Of.Field("users", new ListShape<StudioUser>(User, new()), s => s.Users, (s, v) => s with { Users = v }, "Who may use it."),
    ]);
}
